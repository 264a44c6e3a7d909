namespace GroupExport.ModuleTests.Silence;

/// <summary>Success and failure of every cmdlet, on a server that echoes.</summary>
internal static class Scenarios
{
    /// <summary>Connects with secrets, and asks with patients and a filter. All cmdlets say all they can, and all that can write to the audit log do.</summary>
    public const string Prelude = """
        $PSDefaultParameterValues = @{ '*:Verbose' = $true; '*:Debug' = $true; '*-Export*:Timeout' = 20; 'New-GroupExport:KickOffTimeout' = 0; '*-*Export*:LogPath' = $log }
        $header = @{ 'X-Vendor' = $headerValue }
        function Open($mode) { Connect-GroupExport -FhirBaseUri "$root$mode/r4" -AccessToken $token -Header $header }
        function OpenByKey($mode) { Connect-GroupExport -FhirBaseUri "$root$mode/r4" -ClientId client -PrivateKey $key -TokenUri "$root$mode/token" -Scope a -Header $header }
        function OpenBySecret($mode) { Connect-GroupExport -FhirBaseUri "$root$mode/r4" -Credential $secret -TokenUri "$root$mode/token" -Header $header }
        function Ask { New-GroupExport g -Patient $patients -TypeFilter $filter @args }

        """;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("Connect-GroupExport", "by key", "OpenByKey good"),
        new("Connect-GroupExport", "by key file", "Connect-GroupExport slug Development -ClientId client -PrivateKeyPath $keyPath -Header $header"),
        new("Connect-GroupExport", "by encrypted key", "Connect-GroupExport slug Development -ClientId client -KeyId k -PrivateKey $pem -PrivateKeyPassphrase $passphrase"),
        new("Connect-GroupExport", "by secret", "OpenBySecret good"),
        new("Connect-GroupExport", "by token and proxy", "Connect-GroupExport slug Development -AccessToken $token -Proxy $root -ProxyCredential $proxyCredential"),
        new("Connect-GroupExport", "cut key", "Connect-GroupExport slug Development -ClientId client -KeyId k -PrivateKey $cutPem", "KeyUnreadable"),
        new("Connect-GroupExport", "key without id", "Connect-GroupExport slug Development -ClientId client -PrivateKey $pem -PrivateKeyPassphrase $passphrase", "KeyIdMissing"),
        new("Connect-GroupExport", "wrong passphrase", "Connect-GroupExport slug Development -ClientId client -KeyId k -PrivateKey $pem -PrivateKeyPassphrase $wrongPassphrase", "WrongPassphrase"),
        new("Connect-GroupExport", "key for a path", "Connect-GroupExport slug Development -ClientId client -PrivateKeyPath $keyText", "InvalidParameter"),
        new("Connect-GroupExport", "PEM for a path", "Connect-GroupExport slug Development -ClientId client -PrivateKeyPath $pemText", "InvalidParameter"),
        new("Connect-GroupExport", "key for a kid", "Connect-GroupExport slug Development -ClientId client -PrivateKey $key -KeyId $keyText", "InvalidParameter"),
        new("Connect-GroupExport", "token with a blank", "Connect-GroupExport slug Development -AccessToken $spacedToken", "InvalidParameter"),
        new("Connect-GroupExport", "token in the clear", "Connect-GroupExport slug Development -AccessToken $clear", "ParameterArgumentTransformationError"),
        new("Connect-GroupExport", "key in the clear", "Connect-GroupExport slug Development -ClientId client -PrivateKey $keyText", "ParameterArgumentTransformationError"),
        new("Connect-GroupExport", "passphrase in the clear", "Connect-GroupExport slug Development -PrivateKeyPassphrase $clear", "ParameterArgumentTransformationError"),
        new("Connect-GroupExport", "secret in the clear", "Connect-GroupExport slug Development -Credential $clear", "ParameterArgumentTransformationError"),
        new("Connect-GroupExport", "header as text", "Connect-GroupExport slug Development -Header $clear", "ParameterArgumentTransformationError"),
        new("Connect-GroupExport", "header of two lines", "Connect-GroupExport slug Development -Header @{ 'X-Vendor' = \"$clear`n$clear\" }", "InvalidParameter"),
        new("Connect-GroupExport", "Authorization as header", "Connect-GroupExport slug Development -Header @{ Authorization = \"Bearer $clear\" }", "InvalidParameter"),
        new("Connect-GroupExport", "password in the proxy's URL", "Connect-GroupExport slug Development -Proxy \"http://user:$clear@127.0.0.1:1\"", "InvalidParameter"),
        new("Connect-GroupExport", "password in the base URL", "Connect-GroupExport -FhirBaseUri \"https://user:$clear@fhir.example.org?key=$clear\"", "InvalidServerUri"),
        new("Connect-GroupExport", "password in half a URL", "Connect-GroupExport -FhirBaseUri \"user:$clear@fhir.example.org\"", "InvalidServerUri"),

        new("Get-GroupExportConnection", "open", "$null = OpenByKey good; Get-GroupExportConnection"),
        new("Get-GroupExportConnection", "misspelt", "$null = Open good; Get-GroupExportConnection -Connexion", "NamedParameterNotFound"),
        new("Disconnect-GroupExport", "open", "$connection = OpenBySecret good; Disconnect-GroupExport; $connection"),
        new("Disconnect-GroupExport", "no connection", "$null = Open good; Disconnect-GroupExport 'none'", "CannotConvertArgumentNoMessage"),

        new("New-GroupExport", "by token", "$null = Open good; Ask"),
        new("New-GroupExport", "by key", "$null = OpenByKey good; Ask", Words: true),
        new("New-GroupExport", "by secret", "$null = OpenBySecret good; Ask"),
        new("New-GroupExport", "by GET", "$null = Open good; New-GroupExport g -TypeFilter $filter"),
        new("New-GroupExport", "for Redox", "$null = Connect-GroupExport slug Development -BaseUri \"${root}good\" -AccessToken $token -Header $header; Ask"),
        new("New-GroupExport", "refused", "$null = Open kick-off-refused; Ask", "KickOffRejected", Words: true),
        new("New-GroupExport", "refused after a token", "$null = OpenByKey kick-off-refused; Ask", "KickOffRejected", Words: true),
        new("New-GroupExport", "refused after a secret", "$null = OpenBySecret kick-off-refused; Ask", "KickOffRejected", Words: true),
        new("New-GroupExport", "unauthorized twice", "$null = OpenByKey kick-off-unauthorized; Ask", "TokenRejected", Words: true),
        new("New-GroupExport", "forbidden", "$null = Open kick-off-forbidden; Ask", "AccessDenied", Words: true),
        new("New-GroupExport", "a page of errors", "$null = Open kick-off-broken; Ask", "KickOffUncertain"),
        new("New-GroupExport", "with a job file", "$null = OpenByKey good; Ask -JobFile \"$out/job.json\"; Ask -JobFile \"$out/job.json\""),
        new("New-GroupExport", "refused with a job file", "$null = Open kick-off-refused; Ask -JobFile \"$out/job.json\"", "KickOffRejected", Words: true),
        new("New-GroupExport", "uncertain by a job file", "$null = Open kick-off-broken; try { Ask -JobFile \"$out/job.json\" -ErrorAction Stop } catch { }; Ask -JobFile \"$out/job.json\"", "KickOffUncertain"),
        new("New-GroupExport", "another job file", "$null = Open good; $null = Ask -JobFile \"$out/job.json\"; New-GroupExport g -Patient $patients[1] -JobFile \"$out/job.json\"", "JobFileDiffers"),
        new("New-GroupExport", "since an export", "$null = Open plain; $null = New-GroupExport g -TypeFilter $filter | Save-ExportFiles $out; New-GroupExport g -TypeFilter $filter -Since $out"),
        new("New-GroupExport", "since another export", "$null = Open plain; $null = New-GroupExport g -TypeFilter $filter | Save-ExportFiles $out; New-GroupExport g -TypeFilter \"$filter-2\" -Since $out", "SinceSourceDiffers"),
        new("New-GroupExport", "lenient", "$null = Open lenient; Ask -Lenient", Words: true),
        new("New-GroupExport", "logged for the connection", "$PSDefaultParameterValues.Remove('*-*Export*:LogPath'); $null = Connect-GroupExport -FhirBaseUri \"${root}kick-off-refused/r4\" -AccessToken $token -Header $header -LogPath $log; Ask", "KickOffRejected", Words: true),
        new("New-GroupExport", "turned away", "$null = Open kick-off-later; Ask", "ExportAlreadyRunning", Words: true),
        new("New-GroupExport", "turned away for a while", "$null = OpenByKey kick-off-later; Ask -KickOffTimeout 1.5", "ExportAlreadyRunning", Words: true),
        new("New-GroupExport", "no status URL", "$null = Open kick-off-lost; Ask", "StatusUrlMissing"),
        new("New-GroupExport", "assertion refused", "$null = OpenByKey refused; Ask", "InvalidClient", Words: true),
        new("New-GroupExport", "secret refused", "$null = OpenBySecret refused; Ask", "InvalidClient", Words: true),
        new("New-GroupExport", "refused over a proxy", "$null = Connect-GroupExport -FhirBaseUri http://127.0.0.1:9/proxied/r4 -Proxy $root -ProxyCredential $proxyCredential -AccessToken $token; Ask", "KickOffRejected", Words: true),
        new("New-GroupExport", "a proxy that refuses", "$null = Connect-GroupExport -FhirBaseUri https://fhir.example.org/r4 -Proxy $root -ProxyCredential $proxyCredential -AccessToken $token; Ask", "ServerUnreachable"),
        new("New-GroupExport", "nobody there", "$null = Connect-GroupExport -FhirBaseUri http://127.0.0.1:9/r4 -AccessToken $token -Header $header; Ask", "ServerUnreachable"),
        new("New-GroupExport", "a patient misspelt", "$null = Open good; New-GroupExport g -Patient \"$clear patient\"", "InvalidPatient"),
        new("New-GroupExport", "a type misspelt", "$null = Open good; \"Pateint/$clear\" | New-GroupExport g", "UnknownInput"),

        new("Get-ExportStatus", "waited for", "$null = Open good; Ask | Get-ExportStatus -Wait", Words: true),
        new("Get-ExportStatus", "running", "$null = OpenByKey status-running; Ask | Get-ExportStatus", Words: true),
        new("Get-ExportStatus", "saved and read again", "$null = Open status-running; [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((New-GroupExport g -Patient $patients))) | Get-ExportStatus", Words: true),
        new("Get-ExportStatus", "failed", "$null = OpenByKey status-failed; Ask | Get-ExportStatus -Wait", "ExportFailed", Words: true),
        new("Get-ExportStatus", "unauthorized", "$null = Open status-unauthorized; Ask | Get-ExportStatus", "TokenRejected", Words: true),
        new("Get-ExportStatus", "forbidden", "$null = OpenBySecret status-forbidden; Ask | Get-ExportStatus", "AccessDenied", Words: true),
        new("Get-ExportStatus", "gone", "$null = Open status-gone; Ask | Get-ExportStatus", "JobNotFound", Words: true),
        new("Get-ExportStatus", "later", "$null = Open status-later; Ask | Get-ExportStatus", "StatusUnavailable", Words: true),
        new("Get-ExportStatus", "later and too late", "$null = Open status-later; Ask | Get-ExportStatus -Wait -Timeout 0.5", "WaitTimeout", Words: true),
        new("Get-ExportStatus", "page refused", "$null = Open page-refused; Ask | Get-ExportStatus", "InvalidManifest", Words: true),
        new("Get-ExportStatus", "no JSON", "$null = Open manifest-broken; Ask | Get-ExportStatus", "StatusUnavailable"),
        new("Get-ExportStatus", "no manifest", "$null = Open manifest-strange; Ask | Get-ExportStatus", "InvalidManifest"),
        new("Get-ExportStatus", "a patient for a job", "$null = Open good; $patients[0] | Get-ExportStatus", "InvalidServerUri"),
        new("Get-ExportStatus", "a resource for a job", "$null = Open good; [pscustomobject]@{ resourceType = 'Patient'; id = $clear } | Get-ExportStatus", "NotAJob"),
        new("Get-ExportStatus", "half a URL", "$null = Open good; \"/status?sig=$clear\" | Get-ExportStatus", "InvalidServerUri"),

        new("Save-ExportFiles", "with warnings", "$null = OpenByKey good; Ask | Save-ExportFiles $out", Words: true),
        new("Save-ExportFiles", "one file", "$null = Open good; (Ask | Get-ExportStatus -Wait).Files | Save-ExportFiles $out", Words: true),
        new("Save-ExportFiles", "gone on with", "$null = Open plain; $null = Ask | Save-ExportFiles $out; Get-ExportReceipt $out | Save-ExportFiles"),
        new("Save-ExportFiles", "with errors", "$null = OpenBySecret messages; Ask | Save-ExportFiles $out", "ServerReportedErrors", Words: true),
        new("Save-ExportFiles", "with errors, one file", "$null = Open messages; (Ask | Get-ExportStatus -Wait).Files | Save-ExportFiles $out", "ServerReportedErrors", Words: true),
        new("Save-ExportFiles", "export failed", "$null = Open status-failed; Ask | Save-ExportFiles $out", "ExportFailed", Words: true),
        new("Save-ExportFiles", "file refused", "$null = OpenByKey file-refused; Ask | Save-ExportFiles $out", "FileFailed", Words: true),
        new("Save-ExportFiles", "one file refused", "$null = Open file-refused; (Ask | Get-ExportStatus -Wait).Files[0] | Save-ExportFiles $out", "FileFailed", Words: true),
        new("Save-ExportFiles", "file unauthorized", "$null = Open file-unauthorized; Ask | Save-ExportFiles $out", "TokenRejected", Words: true),
        new("Save-ExportFiles", "file later", "$null = Open file-later; Ask | Save-ExportFiles $out", "FileFailed", Words: true),
        new("Save-ExportFiles", "file is a page", "$null = Open file-page; Ask | Save-ExportFiles $out", "FileFailed"),
        new("Save-ExportFiles", "file is no NDJSON", "$null = Open file-strange; Ask | Save-ExportFiles $out", "InvalidFile"),
        new("Save-ExportFiles", "file redirected to http", "$null = Open file-redirected; Ask | Save-ExportFiles $out", "UnsafeRedirect"),
        new("Save-ExportFiles", "file at http", "$null = Open file-plain-http; Ask | Save-ExportFiles $out", "UntrustedFileOrigin"),
        new("Save-ExportFiles", "file elsewhere", "$null = Open file-elsewhere; Ask | Save-ExportFiles $out", "UntrustedFileOrigin"),

        new("Save-ExportFiles", "removed when complete", "$null = Open plain; Ask -JobFile \"$out.json\" | Save-ExportFiles $out -RemoveWhenComplete"),
        new("Save-ExportFiles", "removal refused", "$null = Open removal-refused; Ask | Save-ExportFiles $out -RemoveWhenComplete", Words: true),
        new("Remove-GroupExport", "not verified", "$null = Open good; $job = Ask -JobFile \"$out/job.json\"; $null = $job | Get-ExportStatus -Wait; $job | Remove-GroupExport", "FilesNotVerified"),
        new("Remove-GroupExport", "removed", "$null = Open good; Ask | Remove-GroupExport"),
        new("Remove-GroupExport", "refused", "$null = OpenByKey removal-refused; Ask | Remove-GroupExport", "RemovalFailed", Words: true),
        new("Get-ExportReceipt", "saved", "$null = Open good; $null = Ask | Save-ExportFiles $out; Get-ExportReceipt $out"),
        new("Get-ExportReceipt", "nothing there", "Get-ExportReceipt $out", "ReceiptNotFound"),

        new("Import-ExportFiles", "saved", "$null = Open good; $null = Ask | Save-ExportFiles $out; Import-ExportFiles $out"),
        new("Import-ExportFiles", "nothing there", "Import-ExportFiles $out", "ReceiptNotFound"),
        new("Import-ExportFiles", "a line that breaks off", "$null = [IO.Directory]::CreateDirectory($out); $lines = \"$out/x.ndjson\"; [IO.File]::WriteAllText($lines, \"{`\"resourceType`\":`\"Patient`\",`\"id`\":`\"$clear\"); Import-ExportFiles $lines", "InvalidLine"),
        new("Import-ExportFiles", "a resource that is none", "$null = [IO.Directory]::CreateDirectory($out); $lines = \"$out/x.ndjson\"; [IO.File]::WriteAllText($lines, \"{`\"resourceType`\":`\"Patient`\",`\"id`\":`\"$clear\\ud800`\"}\"); Import-ExportFiles $lines -As Fhir", "InvalidLine"),
        new("Import-ExportFiles", "a deletion that is none", "$null = [IO.Directory]::CreateDirectory($out); $lines = \"$out/x.ndjson\"; [IO.File]::WriteAllText($lines, \"{`\"resourceType`\":`\"Bundle`\",`\"entry`\":[{`\"request`\":{`\"method`\":`\"DELETE`\",`\"url`\":`\"Patient?identifier=$clear`\"}}]}\"); Import-ExportFiles $lines -Kind Deleted", "InvalidLine"),
        new("Test-ExportFiles", "saved", "$null = Open good; $null = Ask | Save-ExportFiles $out; Test-ExportFiles $out"),
        new("Test-ExportFiles", "nothing there", "Test-ExportFiles $out", "ReceiptNotFound"),
        new("Test-GroupExportConnection", "by key", "$null = OpenByKey good; Test-GroupExportConnection -GroupId g"),
        new("Test-GroupExportConnection", "by token", "$null = Open good; Test-GroupExportConnection -Quiet"),
        new("Test-GroupExportConnection", "assertion refused", "$null = OpenByKey refused; Test-GroupExportConnection", Words: true),
        new("Test-GroupExportConnection", "a path for a group", "$null = OpenBySecret good; Test-GroupExportConnection -GroupId a/b", "InvalidGroupId"),

        new("Start-ExportSandbox", "with a token", "$sandbox = Start-ExportSandbox -PatientCount 1 -AccessToken $token; $null = $sandbox | Connect-GroupExport -AccessToken $token; $null = New-GroupExport $sandbox.GroupId; $sandbox.BaseUri; $sandbox.Requests"),
        new("Start-ExportSandbox", "with a key", "$sandbox = Start-ExportSandbox -PatientCount 1; $null = $sandbox | Connect-GroupExport; $null = New-GroupExport $sandbox.GroupId; $sandbox.BaseUri; $sandbox.Requests"),
        new("Start-ExportSandbox", "token in the clear", "Start-ExportSandbox -AccessToken $clear", "ParameterArgumentTransformationError"),
        new("Start-ExportSandbox", "token with a blank", "Start-ExportSandbox -AccessToken $spacedToken", "SandboxFailed"),
        new("Stop-ExportSandbox", "started", "Start-ExportSandbox -PatientCount 1 -AccessToken $token | Stop-ExportSandbox"),
        new("Stop-ExportSandbox", "no sandbox", "Stop-ExportSandbox 'none'", "CannotConvertArgumentNoMessage"),
    ];
}
