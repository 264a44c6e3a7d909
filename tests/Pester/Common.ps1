# What all acceptance tests share. Each test file, here and in the folders below, dot-sources it in BeforeAll; it imports the staged module, which 'dotnet build' makes.

$RepositoryRoot = [IO.Path]::GetFullPath((Join-Path $PSScriptRoot '..' '..'))
$ModuleVersion = (Import-PowerShellDataFile (Join-Path $RepositoryRoot 'GroupExport.psd1')).ModuleVersion
$ModulePath = Join-Path $RepositoryRoot 'output' 'GroupExport' $ModuleVersion 'GroupExport.psd1'
if (-not (Test-Path $ModulePath)) {
    throw "There is no $ModulePath. Stage the module first: dotnet build src/GroupExport"
}

Import-Module $ModulePath

# Far beyond what anything here takes, so that a slow machine fails no test and a hang does not last for ever.
$Patience = [timespan]::FromSeconds(60)

# A sandbox whose exports take no time to speak of.
function Start-TestSandbox {
    param([int] $PatientCount = 5, [double] $ExportDuration = 0.2, [int] $RetryAfter = 0, [hashtable] $With = @{})
    Start-ExportSandbox -PatientCount $PatientCount -ExportDuration $ExportDuration -RetryAfter $RetryAfter @With
}

# Every error of a script block, whether it ended the script block or not.
function Get-Failure {
    param([scriptblock] $Script)
    $ErrorActionPreference = 'Continue'
    try {
        & $Script 2>&1 3>$null | Where-Object { $_ -is [Management.Automation.ErrorRecord] }
    }
    catch {
        $_
    }
}

# The id that an error of a cmdlet has in full.
function Get-FullErrorId {
    param([string] $Id, [string] $Command)
    "$Id,GroupExport.Commands.$($Command.Replace('-', ''))Command"
}

# The one error record that bad input makes: its id, category and target, a sentence on what is wrong and one on what to do.
function Assert-Failure {
    param($Failure, [string] $Id, [string] $Command, [string] $Category, $Target)
    $Failure | Should -HaveCount 1
    $Failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId $Id $Command)
    $Failure.CategoryInfo.Category | Should -Be $Category
    $Failure.TargetObject | Should -Not -BeNullOrEmpty
    if ($null -ne $Target) { "$($Failure.TargetObject)" | Should -BeExactly $Target }
    $Failure.ErrorDetails.Message | Should -Match '[.:)]$|\.\s' -Because 'it is a sentence'
    $Failure.ErrorDetails.RecommendedAction | Should -Match '\.$'
}

# What a screen of so many columns shows of objects: the lines that are not blank, without colors.
function Get-ShownLine {
    param($Objects, [int] $Width = 100)
    @(($Objects | Out-String -Width $Width) -split '\r?\n' -replace '\x1b\[[0-9;]*m' | Where-Object { $_.Trim() })
}

function Get-KickOff {
    param($Sandbox)
    $Sandbox.Requests | Where-Object Path -Like '*/$export'
}

function Get-FileRequest {
    param($Sandbox)
    $Sandbox.Requests | Where-Object Path -Like '*.ndjson'
}

# One field of a body, such as 'Meta.Test': text and booleans as such, the rest as JSON, and $null for what is not there.
# ConvertFrom-Json will not do, because it turns instants into dates.
function Get-BodyField {
    param([string] $Body, [string] $Name)
    $document = [Text.Json.JsonDocument]::Parse($Body)
    $element = $document.RootElement
    foreach ($part in $Name.Split('.')) {
        $property = $element.EnumerateObject() | Where-Object { $_.Name -ceq $part }
        if (-not $property) { return $null }
        $element = $property.Value
    }

    switch ($element.ValueKind.ToString()) {
        'String' { $element.GetString() }
        'True' { $true }
        'False' { $false }
        default { $element.GetRawText() }
    }
}

# What the one kick-off that arrived asks for.
function Get-SentField {
    param($Sandbox, [string] $Name)
    $kickOffs = @(Get-KickOff $Sandbox)
    $kickOffs | Should -HaveCount 1
    Get-BodyField $kickOffs[0].Body $Name
}

function Wait-Until {
    param([scriptblock] $Condition, [string] $What = "$Condition")
    $clock = [Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($clock.Elapsed -gt $Patience) { throw "It did not come to pass: $What" }
        Start-Sleep -Milliseconds 50
    }
}

$PwshPath = Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')

# Writes a script for a process of its own, in which the values of -With are properties of $with.
function New-ChildScript {
    param([scriptblock] $Script, [hashtable] $With = @{}, [switch] $NoImport)
    $folder = (New-Item -ItemType Directory (Join-Path $TestDrive "child-$([guid]::NewGuid())")).FullName
    $With + @{ ModulePath = $ModulePath } | ConvertTo-Json -Depth 5 | Set-Content (Join-Path $folder 'with.json')
    @(
        '$ErrorActionPreference = ''Stop'''
        '$ProgressPreference = ''SilentlyContinue'''
        '$with = Get-Content -Raw (Join-Path $PSScriptRoot ''with.json'') | ConvertFrom-Json'
        if (-not $NoImport) { 'Import-Module $with.ModulePath' }
        $Script.ToString()
    ) | Set-Content (Join-Path $folder 'script.ps1')
    Join-Path $folder 'script.ps1'
}

# Runs a script in a process of its own: its exit code and what it wrote, line by line.
function Invoke-Child {
    param([scriptblock] $Script, [hashtable] $With = @{}, [switch] $NoImport)
    $path = New-ChildScript $Script $With -NoImport:$NoImport
    $output = & $PwshPath -NoProfile -NonInteractive -File $path 2>&1
    [pscustomobject]@{ ExitCode = $LASTEXITCODE; Output = @($output | ForEach-Object ToString); Text = ($output | Out-String) }
}

# What a process of its own needs to connect to a sandbox of this one.
function Get-SandboxAddress {
    param($Sandbox)
    @{ BaseUri = $Sandbox.BaseUri.AbsoluteUri; Slug = $Sandbox.DestinationSlug; Flag = $Sandbox.EnvironmentFlag; GroupId = $Sandbox.GroupId }
}

# Begins a script in a runspace of its own, so that it can be stopped as Ctrl+C stops it.
function Start-InRunspace {
    param([string] $Script, [object[]] $ArgumentList = @())
    $runspace = [runspacefactory]::CreateRunspace()
    $runspace.Open()
    $shell = [powershell]::Create()
    $shell.Runspace = $runspace
    # One statement: a batch of several adds its own error when it is stopped.
    $null = $shell.AddScript('param($module, $script, $arguments) Import-Module $module; & ([scriptblock]::Create($script)) @arguments')
    $null = $shell.AddArgument($ModulePath).AddArgument($Script).AddArgument($ArgumentList)
    $output = [Management.Automation.PSDataCollection[psobject]]::new()
    $invocation = $shell.GetType().GetMethods() |
        Where-Object { $_.Name -eq 'BeginInvoke' -and $_.IsGenericMethod -and $_.GetParameters().Count -eq 2 } |
        Select-Object -First 1
    $handle = $invocation.MakeGenericMethod([psobject], [psobject]).Invoke($shell, @($null, $output))
    [pscustomobject]@{ Shell = $shell; Handle = $handle; Output = $output }
}

# Stops it; says how long that took.
function Stop-InRunspace {
    param($Running)
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $stopping = $Running.Shell.BeginStop($null, $null)
    if (-not $stopping.AsyncWaitHandle.WaitOne($Patience)) { throw 'The pipeline does not stop.' }
    $clock.Elapsed
}

function Close-Runspace {
    param($Running)
    # One that does not stop is left alone: disposing of it would wait for ever.
    if ($Running -and $Running.Shell.InvocationStateInfo.State -in 'Stopped', 'Completed', 'Failed') {
        $runspace = $Running.Shell.Runspace
        $Running.Shell.Dispose()
        $runspace.Dispose()
    }
}

# A server on loopback with one complete export, whose files are those of a folder as they lie there: what no good server would serve.
# The type of a file is what its name says; -Count is what the manifest says of it.
function Start-FileServer {
    param([string] $Folder, [hashtable] $Count = @{})
    do {
        $listener = [Net.HttpListener]::new()
        $base = "http://127.0.0.1:$(Get-Random -Minimum 20000 -Maximum 60000)/"
        $listener.Prefixes.Add($base)
        try { $listener.Start() } catch { $listener.Close() }
    } until ($listener.IsListening)

    $asked = [Collections.Concurrent.ConcurrentQueue[string]]::new()
    $shell = [powershell]::Create()
    $null = $shell.AddScript({
        param($listener, $base, $folder, $count, $asked)
        while ($listener.IsListening) {
            try { $context = $listener.GetContext() } catch { break }
            $name = $context.Request.Url.AbsolutePath.TrimStart('/')
            if ($name -eq 'status/1') {
                $output = @(Get-ChildItem $folder -File | Sort-Object Name | ForEach-Object {
                    $file = [ordered]@{ type = $_.Name.Split('.')[0]; url = $base + $_.Name }
                    if ($null -ne $count[$_.Name]) { $file.count = $count[$_.Name] }
                    $file
                })
                $context.Response.ContentType = 'application/json'
                $body = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -Depth 5 @{ transactionTime = '2026-11-23T00:00:00Z'; requiresAccessToken = $false; output = $output }))
            }
            else {
                $asked.Enqueue($name)
                $context.Response.ContentType = 'application/fhir+ndjson'
                $body = [IO.File]::ReadAllBytes((Join-Path $folder $name))
            }

            $context.Response.ContentLength64 = $body.Length
            $context.Response.OutputStream.Write($body)
            $context.Response.Close()
        }
    }).AddArgument($listener).AddArgument($base).AddArgument($Folder).AddArgument($Count).AddArgument($asked)
    [pscustomobject]@{ BaseUri = $base; StatusUrl = "${base}status/1"; Asked = $asked; Listener = $listener; Shell = $shell; Handle = $shell.BeginInvoke() }
}

function Stop-FileServer {
    param($Server)
    $Server.Listener.Close()
    $null = $Server.Handle.AsyncWaitHandle.WaitOne($Patience)
    $Server.Shell.Dispose()
}

# What these tests are about shows best without token requests in between; authorization has its own file.
$PSDefaultParameterValues['Start-ExportSandbox:Authorization'] = 'None'

# Each save asks for the list of files once more, no sooner than this.
$PSDefaultParameterValues['Save-ExportFiles:MinPollInterval'] = 0.05
