BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')
    . (Join-Path $PSScriptRoot 'SampleRun.ps1')
}

AfterAll {
    $env:PSModulePath = $modulePathBefore
    Disconnect-GroupExport
}

Describe 'cohort-from-csv.ps1' {
    BeforeAll {
        $sandbox = Start-TestSandbox
        $sandbox | Connect-GroupExport | Out-Null
        function Invoke-Cohort {
            param([string] $Csv, [hashtable] $With = @{})
            Set-Content -LiteralPath (Join-Path $path 'cohort.csv') $Csv
            $output = & (Join-Path $samples 'cohort-from-csv.ps1') (Join-Path $path 'cohort.csv') -GroupId $sandbox.GroupId -Path (Join-Path $path 'out') @With 2>&1 6>$null
            [pscustomobject]@{ ExitCode = $LASTEXITCODE; Text = ($output | Out-String); Errors = @($output | Where-Object { $_ -is [Management.Automation.ErrorRecord] } | ForEach-Object ToString) }
        }
    }

    BeforeEach {
        $sandbox.ClearRequests()
        $path = (New-Item -ItemType Directory (Join-Path $TestDrive "$([guid]::NewGuid())")).FullName
    }

    AfterAll { $sandbox | Stop-ExportSandbox }

    It 'exports each patient of the column once' {
        $run = Invoke-Cohort "Name,Patient`nA,patient-0001`nB,Patient/patient-0002`nC,patient-0001"
        $run.ExitCode | Should -Be 0 -Because $run.Text
        Get-BodyField (Get-KickOff $sandbox).Body 'patient' | Should -BeExactly 'Patient/patient-0001,Patient/patient-0002'
    }

    It 'knows the export in a folder whose name has brackets' {
        $path = (New-Item -ItemType Directory (Join-Path $path 'cohort [1]')).FullName
        $run = Invoke-Cohort "Patient`npatient-0001"
        $run.ExitCode | Should -Be 0 -Because $run.Text
        (Invoke-Cohort "Patient`npatient-0001").Errors | Should -BeLike '*holds an export that is Complete and runs no more*'
    }

    It 'names every bad row by its number, not by what it holds, and sends nothing' {
        $run = Invoke-Cohort "Name,Patient`nA,patient-0001`nB,`nC,Jane Doe`nD,Observation/1" 
        $run.ExitCode | Should -Be 3
        $run.Errors | Should -BeExactly 'Row 3: Patient is empty.', 'Row 4: Patient holds no Patient/<id>.', 'Row 5: Patient holds no Patient/<id>.', '3 of 4 rows cannot be used. Nothing was sent.'
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'says which columns there are when the one is not there' {
        (Invoke-Cohort "Name,Id`nA,1").Errors | Should -BeLike "*no column 'Patient'. It has: Name, Id."
        $sandbox.Requests | Should -BeNullOrEmpty
    }

    It 'reads another column and delimiter, and with -WhatIf only looks' {
        $run = Invoke-Cohort "Name;Fhir Id`nA;patient-0001" -With @{ Column = 'Fhir Id'; Delimiter = ';'; WhatIf = $true }
        $run.ExitCode | Should -Be 0 -Because $run.Text
        $sandbox.Requests | Should -BeNullOrEmpty
        Get-ChildItem $path | Should -HaveCount 1
    }

    It 'goes on with what was interrupted, and not with other patients' {
        # Started, and the process ended before a file was saved.
        $null = 'Patient/patient-0001' | New-GroupExport -GroupId $sandbox.GroupId -JobFile (Join-Path $path 'out.job.json')
        (Invoke-Cohort "Patient`npatient-0002").Errors[0] | Should -BeLike '*asks for something else*'
        $run = Invoke-Cohort "Patient`npatient-0001"
        $run.ExitCode | Should -Be 0 -Because $run.Text
        @(Get-KickOff $sandbox) | Should -HaveCount 1
        (Invoke-Cohort "Patient`npatient-0001").Errors | Should -BeLike '*holds an export that is Complete and runs no more*'
    }
}
