BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    $sandbox = Start-TestSandbox
    $connection = $sandbox | Connect-GroupExport
    $job = New-GroupExport -GroupId $sandbox.GroupId -Type Patient, Observation, Condition, MedicationRequest
    $underWay = $job | Get-ExportStatus
    $status = $job | Get-ExportStatus -Wait
    $saved = $status | Save-ExportFiles -Path (Join-Path $TestDrive 'saved')
    $receipt = Get-ExportReceipt (Join-Path $TestDrive 'saved')
    $shown = @{
        Connection = $connection; Job = $job; UnderWay = $underWay; Status = $status; Files = $status.Files
        Saved = $saved; Receipt = $receipt; Sandbox = $sandbox; Requests = $sandbox.Requests
    }

    # As it comes back from Clixml, with values that no practice server has.
    function New-Shown {
        param([string] $Type, [hashtable] $Values)
        $object = [pscustomobject] $Values
        $object.PSObject.TypeNames.Insert(0, "Deserialized.GroupExport.$Type")
        $object
    }

    $secret = 'X-Amz-Signature=5f0c1f0e'
    $base = 'https://api.redoxengine.com/fhir/R4/redox-fhir-sandbox/Development/'
    $uuid = '7d7f1a1e-93a5-4c2b-8f29-6c3f1f3a2b10'
    $job1 = @{
        GroupId = $uuid; Server = $base; StatusUrl = "$base`$export-status/$($uuid)?$secret"; StartedAt = [datetime]::UtcNow.AddMinutes(-12.2)
        PatientCount = 12345; Types = 'Patient', 'MedicationAdministration', 'Observation'; Parameters = @('_type'); RedoxLogIds = @()
    }
    $file1 = @{
        Kind = 'output'; Type = 'MedicationAdministration'; Name = 'MedicationAdministration.0001.ndjson'; Count = 12345678; FileSize = 2123456789
        Url = "https://files.example.com/a?$secret"; StatusUrl = $job1.StatusUrl
    }
    $large = @{
        Connection = New-Shown Connections.GroupExportConnection @{ RequestStyle = 'FhirParameters'; Authorization = 'PrivateKeyJwt'; IsOpen = $true; Server = $base }
        Job = New-Shown Jobs.ExportJob $job1
        Status = New-Shown Jobs.ExportStatus ($job1 + @{
            State = 'InProgress'; Progress = 'Processing: 3 of 27 resource types are done, about 40 % of 12,345 patients'; ResourceCount = 1234567890; Files = @($file1)
            Expires = [datetime]::UtcNow.AddHours(3.1) })
        Done = New-Shown Jobs.ExportStatus ($job1 + @{
            State = 'Complete'; Progress = $null; ResourceCount = 1234567890; Files = @($file1); TransactionTime = '2026-11-23T00:00:00.000+00:00'
            Expires = [datetime]::UtcNow.AddHours(-3) })
        File = New-Shown Jobs.ExportFile $file1
        Saved = New-Shown Files.SavedFile ($file1 + @{ State = 'AlreadySaved'; Bytes = 2123456789; StoredBytes = 123456; Path = '/data/MedicationAdministration.0001.ndjson' })
        Check = New-Shown Files.FileCheck @{
            State = 'Changed'; Name = 'MedicationAdministration.0001.ndjson'; Count = 12345678; Bytes = 2123456789; Detail = 'Its SHA-256 is not that of the receipt.' }
        Receipt = New-Shown Files.ExportReceipt ($job1 + @{
            State = 'CompletedWithErrors'; SavedCount = 51; FileCount = 53; ResourceCount = 123456789; Bytes = 987654321012; Path = '/data/exports/diabetes-2026/2026-11-24' })
        ConnectionCheck = New-Shown Checks.ConnectionCheck @{ Name = 'Discovery'; Passed = $false; Detail = 'The token URL is https://api.redoxengine.com/v2/auth/token, but its key is not there.' }
        Sandbox = New-Shown Sandbox.ExportSandbox @{ BaseUri = [uri] 'http://127.0.0.1:54321/'; GroupId = 'hypertension-2026'; PatientCount = 100000; IsRunning = $true }
        Request = New-Shown Sandbox.SandboxRequest @{ Time = [datetime]::UtcNow; Method = 'DELETE'; StatusCode = 202; Path = "/redox-fhir-sandbox/Development/`$export-status/$uuid" }
    }
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'On a screen of 100 columns' {
    It '<Name> is a table that fits: <Header>' -ForEach @(
        @{ Name = 'Connection'; Header = 'Style', 'Authorization', 'Open', 'Server' }
        @{ Name = 'Job'; Header = 'Group', 'Started', 'Patients', 'Types', 'Job' }
        @{ Name = 'UnderWay'; Header = 'Group', 'State', 'Files', 'Resources', 'Expires', 'Progress' }
        @{ Name = 'Status'; Header = 'Group', 'State', 'Files', 'Resources', 'Expires', 'Progress' }
        @{ Name = 'Files'; Header = 'Type', 'Count', 'Size', 'Name' }
        @{ Name = 'Saved'; Header = 'State', 'Type', 'Count', 'Size', 'Name' }
        @{ Name = 'Receipt'; Header = 'Group', 'State', 'Saved', 'Resources', 'Size', 'Path' }
        @{ Name = 'Sandbox'; Header = 'Base URL', 'Group', 'Patients', 'Running' }
        @{ Name = 'Requests'; Header = 'Time', 'Method', 'Status', 'Path' }
    ) {
        $lines = Get-ShownLine $shown[$Name]
        # What a line is too short for goes on below its column.
        @($lines | Where-Object { $_[0] -ne ' ' }).Count | Should -Be (2 + @($shown[$Name]).Count) -Because ($lines -join "`n")
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 100 }
        $lines[0] | Should -Match "^\s*$($Header -join '\s+')\s*$"
        $lines[1] | Should -Match '^[- ]+$'
    }

    It 'and on one of 80 columns the header of <_> still stands in one line' -ForEach 'Connection', 'Job', 'UnderWay', 'Status', 'Files', 'Saved', 'Receipt', 'Sandbox', 'Requests' {
        $lines = Get-ShownLine $shown[$_] 80
        $lines[1] | Should -Match '^[- ]+$' -Because ($lines -join "`n")
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
    }

    It 'objects that came back from Clixml look the same: <_>' -ForEach 'Job', 'Status', 'Saved', 'Receipt' {
        $file = Join-Path $TestDrive "$_.clixml"
        $shown[$_] | Export-Clixml $file -Depth 3
        # But for how long ago, which goes on.
        $ago = '\b(now|\d+ (s|min) ago|in \d+ min)\s*'
        (Get-ShownLine (Import-Clixml $file)) -replace $ago | Should -Be ((Get-ShownLine $shown[$_]) -replace $ago)
    }

    It 'a receipt shows how much is saved' {
        (Get-ShownLine $receipt)[2] | Should -Match "^$($sandbox.GroupId)\s+Complete\s+$($saved.Count)\s"
        (Get-ShownLine $large.Receipt)[2] | Should -Match ' CompletedWithErrors +51/53 '
    }

    It 'an error shows its sentence, and no stack' {
        $child = Invoke-Child {
            $ErrorActionPreference = 'Continue'
            New-GroupExport -GroupId a
        }
        $child.Text | Should -Match 'There is no connection. Open one with Connect-GroupExport'
        $child.Text | Should -Not -Match '   at GroupExport'
    }
}

Describe 'Large values and long names' {
    It 'fit on <Width> columns in whole: <Name>' -ForEach @(
        foreach ($width in 80, 100, 120) {
            foreach ($name in 'Connection', 'Job', 'Status', 'Done', 'File', 'Saved', 'Check', 'Receipt', 'ConnectionCheck', 'Sandbox', 'Request') { @{ Width = $width; Name = $name } }
        }
    ) {
        $lines = Get-ShownLine $large[$Name] $Width
        $lines[1] | Should -Match '^[- ]+$' -Because ($lines -join "`n")
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual $Width }
        $lines -join "`n" -replace '\?…' | Should -Not -Match '…'
    }

    It 'read well: <Name>' -ForEach @(
        @{ Name = 'Connection'; Lines = '^FhirParameters PrivateKeyJwt True  https://api\.redoxengine\.com/fhir/R4/redox-fhir-sandbox/Development/$' }
        @{ Name = 'Job'; Lines = '^7d7f1a1e-93a5-4c2b-8 12 min ago   12,345 Patient \+2 +\$export-status/7d7f1a1e-93a5-4c2b-8f29-6c3f1f3a2b10\?…$', '^f29-6c3f1f3a2b10$' }
        @{ Name = 'Status'; Lines = '^7d7f1a1e-93a5-4c2b-8 InProgress +1 1,234,567,890 in 3 h +Processing: 3 of 27 resource types are done', '^f29-6c3f1f3a2b10$' }
        @{ Name = 'Done'; Lines = '^7d7f1a1e-93a5-4c2b-8 Complete +1 1,234,567,890 over +as of 2026-11-23T00:00:00\.000\+00:00$', '^f29-6c3f1f3a2b10$' }
        @{ Name = 'File'; Lines = '^MedicationAdministration +12,345,678 +2\.1 GB MedicationAdministration\.0001\.ndjson$' }
        @{ Name = 'Saved'; Lines = '^AlreadySaved MedicationAdministration +12,345,678 +2\.1 GB MedicationAdministration\.0001\.ndjson$' }
        @{ Name = 'Check'; Lines = '^Changed +MedicationAdministration\.0001\.ndjson 12,345,678 +2\.1 GB Its SHA-256 is not that of the receipt\.$' }
        @{ Name = 'Receipt'; Lines = '^7d7f1a1e-93a5-4c2b CompletedWithErrors +51/53 123,456,789 987\.7 GB /data/exports/diabetes-2026/2026-11-24$', '^-8f29-6c3f1f3a2b10$' }
        @{ Name = 'Request'; Lines = '^[\d:.]{12} DELETE +202 /redox-fhir-sandbox/Development/\$export-status/7d7f1a1e-93a5-4c2b-8f29-6c3f1f3a2b10$' }
    ) {
        $rows = @(Get-ShownLine $large[$Name] 150 | Select-Object -Skip 2)
        $rows | Should -HaveCount @($Lines).Count
        for ($i = 0; $i -lt $rows.Count; $i++) { $rows[$i].TrimEnd() | Should -MatchExactly @($Lines)[$i] }
    }

    It 'counts and sizes end where their labels end' {
        $lines = Get-ShownLine @($saved)
        foreach ($label in 'Count', 'Size') {
            $end = $lines[0].IndexOf($label) + $label.Length
            $lines | Select-Object -Skip 2 | ForEach-Object { $_.Substring($end - 1, 2) | Should -Match '^\S $' }
        }
    }
}

Describe 'Lists' {
    It 'hold each property of <_>' -ForEach 'Connection', 'Job', 'Status', 'Files', 'Saved', 'Receipt', 'Requests' {
        $object = @($shown[$_])[0]
        $text = $object | Format-List | Out-String -Width 200
        # A receipt's files are counted by FileCount.
        foreach ($property in $object.PSObject.Properties.Name -ne ($_ -eq 'Receipt' ? 'Files' : '')) { $text | Should -Match "(?m)^$property\s+: " }
    }

    It 'say when and how much in words and in full' {
        $text = $large.Saved | Format-List | Out-String -Width 200
        $text | Should -Match '(?m)^Bytes +: 2\.1 GB \(2,123,456,789 bytes\)'
        ($large.Status | Format-List | Out-String -Width 200) | Should -Match '(?m)^Expires +: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d \(in 3 h\)'
    }
}

Describe 'What may be a signature' {
    It 'stands in no table, no list and no mixed output of <_>' -ForEach 'Job', 'Status', 'Done', 'File', 'Saved', 'Receipt' {
        # Behind another type an object is shown without a view.
        $text = $large[$_] | Format-Table | Out-String -Width 400
        $text += $large[$_] | Format-List | Out-String -Width 400
        $text += $large.Check, $large[$_] | Out-String -Width 400
        $text += $large.Check, $large[$_] | Format-List | Out-String -Width 400
        $text | Should -Match '2026|MedicationAdministration|Complete'
        $text | Should -Not -Match 'Signature'
    }
}

Describe 'A state that wants attention' {
    It 'is colored: <State> of <Type>' -ForEach @(
        @{ Type = 'Jobs.ExportStatus'; State = 'Failed' }
        @{ Type = 'Files.SavedFile'; State = 'Failed' }
        @{ Type = 'Files.SavedFile'; State = 'Invalid' }
        @{ Type = 'Files.FileCheck'; State = 'Changed' }
        @{ Type = 'Files.ExportReceipt'; State = 'Incomplete' }
        @{ Type = 'Files.ExportReceipt'; State = 'CompletedWithErrors' }
    ) {
        $before = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'Ansi'
        try { $text = New-Shown $Type @{ State = $State } | Format-Table | Out-String }
        finally { $PSStyle.OutputRendering = $before }
        $text | Should -Match "\x1b\[9[13]m$State\x1b\[0m"
    }

    It 'and one that does not is not' {
        $before = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'Ansi'
        try { $text = New-Shown Files.SavedFile @{ State = 'Saved' } | Format-Table | Out-String }
        finally { $PSStyle.OutputRendering = $before }
        $text | Should -Match '(?m)^(\x1b\[0m)?Saved '
    }
}

Describe 'Display changes nothing' {
    It 'Export-Csv and ConvertTo-Json get raw numbers and all properties' {
        $row = $saved[0] | ConvertTo-Csv | ConvertFrom-Csv
        $row.Bytes | Should -Match '^\d+$'
        $row.PSObject.Properties.Name | Should -Be $saved[0].PSObject.Properties.Name
        ($status.Files[0] | ConvertTo-Json | ConvertFrom-Json).Url | Should -Be $status.Files[0].Url
    }

    It 'works in a constrained session' {
        $child = Invoke-Child -With @{ Folder = Join-Path $TestDrive 'constrained' } -Script {
            $sandbox = Start-ExportSandbox -PatientCount 2 -ExportDuration 0.1 -RetryAfter 0 -Authorization None
            $null = $sandbox | Connect-GroupExport
            $job = New-GroupExport $sandbox.GroupId -Type Patient
            $status = $job | Get-ExportStatus -Wait
            $saved = $status | Save-ExportFiles $with.Folder
            $receipt = Get-ExportReceipt $with.Folder
            $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
            foreach ($object in $job, $status, $status.Files[0], $saved[0], $receipt, $sandbox.Requests[0]) {
                $object | Format-Table | Out-String -Width 100
                $object | Format-List | Out-String -Width 100
            }
            "errors: $($Error.Count)"
        }
        $child.Text | Should -Match 'errors: 0'
        $child.Text | Should -Match '(?m)^Saved +Patient +2 +\d+ B Patient\.0001\.ndjson'
        $child.Text | Should -Match '(?m)^StartedAt +: .* \(.*(now|ago)\)'
    }
}
