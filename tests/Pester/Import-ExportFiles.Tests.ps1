BeforeAll {
    . (Join-Path $PSScriptRoot 'Common.ps1')
    $sandbox = Start-TestSandbox -PatientCount 10
    $sandbox | Connect-GroupExport | Out-Null
    $folder = Join-Path $TestDrive 'export'
    $saved = New-GroupExport -GroupId $sandbox.GroupId | Save-ExportFiles -Path $folder
    # Files come from Save-ExportFiles as they are done, and are read in the order of the manifest.
    $lines = (Get-ExportReceipt $folder).Files | Where-Object Kind -EQ output | ForEach-Object { Get-Content -LiteralPath $_.Path }

    function Get-Lines {
        param($Objects, [int] $Width = 100)
        @(($Objects | Out-String -Width $Width) -split '\r?\n' -replace '\x1b\[[0-9;]*m' | Where-Object { $_.Trim() })
    }

    # A file of given lines, with what Get-Content | ConvertFrom-Json makes of them. Instants stay text in both.
    function New-LineFile {
        param([string[]] $Line)
        $path = Join-Path $TestDrive "$([guid]::NewGuid()).ndjson"
        Set-Content -LiteralPath $path $Line
        $path
    }
}

AfterAll {
    Disconnect-GroupExport
    $sandbox | Stop-ExportSandbox
}

Describe 'Import-ExportFiles' {
    It 'gives every resource of a folder, in the order of its files, equal to its line' {
        $resources = @(Import-ExportFiles $folder)
        $resources.Count | Should -Be $lines.Count
        for ($index = 0; $index -lt $lines.Count; $index++) {
            $json = $resources[$index] | ConvertTo-Json -Depth 100 -Compress
            [Text.Json.Nodes.JsonNode]::DeepEquals([Text.Json.Nodes.JsonNode]::Parse($json), [Text.Json.Nodes.JsonNode]::Parse($lines[$index])) | Should -BeTrue -Because $lines[$index]
        }
    }

    It 'gives lines as they are with -As Json' {
        Import-ExportFiles $folder -As Json | Should -BeExactly $lines
    }

    It 'gives resources of the FHIR library with -As Fhir' {
        $patients = @(Import-ExportFiles $folder -Type Patient -As Fhir)
        $patients.Count | Should -Be 10
        $patients[0].GetType().FullName | Should -BeExactly 'Hl7.Fhir.Model.Patient'
        $patients[0].BirthDate | Should -BeExactly @(Import-ExportFiles $folder -Type Patient)[0].birthDate
    }

    It 'takes <Name>' -ForEach @(
        @{ Name = 'a folder'; Piped = { $folder } }
        @{ Name = 'a receipt'; Piped = { Get-ExportReceipt $folder } }
        @{ Name = 'a folder object'; Piped = { Get-Item $folder } }
        @{ Name = 'the files that were saved'; Piped = { $saved } }
        @{ Name = 'files from a listing'; Piped = { Get-ChildItem $folder -Filter *.ndjson } }
        @{ Name = 'all that lies in the folder, each file once'; Piped = { Get-ChildItem $folder -Force } }
        @{ Name = 'a folder that is named twice, once'; Piped = { $folder, $folder } }
        @{ Name = 'a receipt from JSON'; Piped = { Get-ExportReceipt $folder | ConvertTo-Json -Depth 3 | ConvertFrom-Json } }
        @{ Name = 'paths with wildcards'; Piped = { "$folder/*.ndjson" } }
    ) {
        @(& $Piped | Import-ExportFiles -ErrorAction Stop -WarningAction Stop).Count | Should -Be $lines.Count
    }

    It 'stops reading with Select-Object -First and leaves no lock' {
        $path = New-LineFile $lines
        @(Import-ExportFiles $path | Select-Object -First 2).Count | Should -Be 2
        { [IO.File]::Open($path, 'Open', 'ReadWrite', 'None').Dispose() } | Should -Not -Throw
    }

    Context 'beside Get-Content | ConvertFrom-Json' {
        BeforeAll {
            $path = New-LineFile @(
                '{"resourceType":"Patient","id":"1","active":true,"birthDate":"1970-01-01","name":[{"family":"A","given":["B","C"]},{"family":"D"}],"multipleBirthInteger":2,"x":null,"e":[],"o":{}}'
                '{"resourceType":"Patient","id":"2","active":false,"birthDate":"1980-01-01","name":[{"family":"\u00c4\n\"","given":["E"]}],"multipleBirthInteger":3,"x":[[1,"2"],[{"y":true}]],"e":[null],"o":{"o":{}}}'
            )
            $ours = @(Import-ExportFiles $path)
            $theirs = @(Get-Content $path | ConvertFrom-Json)
        }

        It 'is the same to <Name>' -ForEach @(
            @{ Name = 'ConvertTo-Json'; Script = { $args[0] | ConvertTo-Json -Depth 10 } }
            @{ Name = 'Export-Csv'; Script = { $args[0] | ConvertTo-Csv } }
            @{ Name = 'Select-Object'; Script = { $args[0] | Select-Object id, birthDate, @{ Name = 'family'; Expression = { $_.name.family } } | ConvertTo-Json } }
            @{ Name = 'Select-Object -ExpandProperty'; Script = { $args[0] | Select-Object -ExpandProperty name | ConvertTo-Json } }
            @{ Name = 'Where-Object'; Script = { ($args[0] | Where-Object { $_.active -and $_.multipleBirthInteger -eq 2 }).id } }
            @{ Name = 'Where-Object with a property'; Script = { ($args[0] | Where-Object birthDate -EQ '1980-01-01').id } }
            @{ Name = 'Group-Object'; Script = { $args[0] | Group-Object active | ForEach-Object { "$($_.Name) $($_.Count)" } } }
            @{ Name = 'Sort-Object'; Script = { ($args[0] | Sort-Object id -Descending).id } }
            @{ Name = 'Measure-Object'; Script = { ($args[0] | Measure-Object multipleBirthInteger -Sum).Sum } }
            @{ Name = 'Compare-Object'; Script = { Compare-Object $args[0][0] $args[0][1] -Property id, active | ConvertTo-Json } }
            @{ Name = 'indexes and member enumeration'; Script = { $args[0][0].name[1].family; $args[0].name.given; $args[0][1].x[1][0].y; $args[0].name[0].Count } }
            @{ Name = 'types'; Script = { $args[0][0].psobject.Properties | ForEach-Object { "$($_.Name) $($_.TypeNameOfValue) $($_.MemberType) $($_.IsSettable)" } } }
            @{ Name = 'Get-Member'; Script = { $null = $args[0] | ConvertTo-Json -Depth 10; ($args[0] | Get-Member -MemberType NoteProperty).Definition } }
            @{ Name = 'Format-List'; Script = { $args[0] | Format-List * | Out-String } }
            @{ Name = 'text'; Script = { "$($args[0][0].name[0]) $($args[0][0])" } }
            @{ Name = 'Export-Clixml'; Script = { $xml = Join-Path $TestDrive "$([guid]::NewGuid()).xml"; $args[0] | Export-Clixml $xml -Depth 10; Import-Clixml $xml | ConvertTo-Json -Depth 10 } }
            @{ Name = 'ForEach-Object -Parallel'; Script = { $args[0] | ForEach-Object -Parallel { $_.name[0].family } | Sort-Object } }
            @{ Name = 'Add-Member and assignment'; Script = { $copies = $args[0] | ForEach-Object { $_.psobject.Copy() }; $copies | Add-Member more 1; $copies[0].id = 'new'; $copies | ConvertTo-Json -Depth 10; $args[0].id } }
            @{ Name = 'a lost property'; Script = { $copy = $args[0][0].psobject.Copy(); $copy.psobject.Properties.Remove('x'); $copy.psobject.Properties.Name; $null -eq $copy.x } }
        ) {
            & $Script $ours | Should -BeExactly (& $Script $theirs)
        }

        It 'keeps instants as text and decimals with all their digits, which ConvertFrom-Json does not' {
            $path = New-LineFile '{"resourceType":"Observation","effectiveDateTime":"2026-11-01T00:00:00.000+01:00","valueQuantity":{"value":1.50}}'
            $ours = Import-ExportFiles $path
            $ours.effectiveDateTime | Should -BeExactly '2026-11-01T00:00:00.000+01:00'
            $ours.valueQuantity.value | Should -BeOfType [decimal]
            $ours.valueQuantity.value -eq 1.5 | Should -BeTrue
            $ours | ConvertTo-Json -Depth 5 -Compress | Should -BeExactly (Get-Content $path)
            (Get-Content $path | ConvertFrom-Json).effectiveDateTime | Should -BeOfType [datetime]
        }
    }

    It 'shows resources in a table of 100 columns' {
        $table = Get-Lines (Import-ExportFiles $folder -Type Patient | Select-Object -First 3)
        $table[0] | Should -Match '^Type +Id +Updated +What'
        $table.Count | Should -Be 5
        $table | ForEach-Object { $_.Length | Should -BeLessOrEqual 100 }
        $table[2] | Should -Match '^Patient '
    }

    It 'shows what was deleted in a table' {
        $path = New-LineFile '{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"Patient/1"}}]}'
        (Get-Lines (Import-ExportFiles $path -Kind Deleted))[2] | Should -Match '^Patient +1$'
    }

    It 'gives the server''s messages with -Kind Error' {
        $path = New-LineFile '{"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"informational"}]}'
        (Import-ExportFiles $path -Kind Error).issue[0].severity | Should -BeExactly 'warning'
    }

    It 'completes -Type' {
        $completed = [Management.Automation.CommandCompletion]::CompleteInput('Import-ExportFiles x -Type Immu', 31, @{})
        $completed.CompletionMatches.CompletionText | Should -BeExactly 'Immunization', 'ImmunizationEvaluation', 'ImmunizationRecommendation'
    }
}

Describe 'Errors of Import-ExportFiles' {
    It 'InvalidLine for a broken line, by file and number, and the rest comes' {
        $path = New-LineFile '{"resourceType":"Patient","id":"a"}', '{"resourceType":"Patient","id":"secret', '{"resourceType":"Patient","id":"b"}'
        $ids = Import-ExportFiles $path -ErrorAction SilentlyContinue -ErrorVariable failures | ForEach-Object id
        $ids | Should -BeExactly 'a', 'b'
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId InvalidLine Import-ExportFiles)
        $failures[0].TargetObject | Should -BeExactly "${path}:2"
        "$($failures[0].Exception)" | Should -Not -Match 'secret'
    }

    It '<Id> for <Name>' -ForEach @(
        @{ Name = 'no path'; Id = 'MissingPath'; Script = { Import-ExportFiles } }
        @{ Name = 'a folder without receipt'; Id = 'ReceiptNotFound'; Script = { Import-ExportFiles $TestDrive } }
        @{ Name = 'a path that leads nowhere'; Id = 'ReceiptNotFound'; Script = { Import-ExportFiles (Join-Path $TestDrive 'none') } }
        @{ Name = 'wildcards that match nothing'; Id = 'ReceiptNotFound'; Script = { Import-ExportFiles (Join-Path $TestDrive '*.none') } }
        @{ Name = 'another provider'; Id = 'InvalidPath'; Script = { Import-ExportFiles Variable:/x } }
        @{ Name = 'a type that R4 does not have'; Id = 'UnknownResourceType'; Script = { Import-ExportFiles $folder -Type Patent } }
    ) {
        $failure = Get-Failure $Script
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeExactly (Get-FullErrorId $Id Import-ExportFiles)
    }
}
