# What the pages of docs/ show is typed as it stands, line by line, against a practice server that has the names they use.

BeforeAll {
    . (Join-Path $PSScriptRoot '..' 'Common.ps1')

    # The blocks of PowerShell of a page, with the folders of this test.
    function Get-Block {
        param([string] $Page)
        $text = Get-Content -Raw (Join-Path $RepositoryRoot 'docs' $Page)
        [regex]::Matches($text, '(?ms)^ *```powershell\r?\n(.*?)^ *```') | ForEach-Object {
            $_.Groups[1].Value.Replace('./samples/', (Join-Path $RepositoryRoot 'samples/')).Replace('/data/', "$((Get-Location).Path)/data/")
        }
    }

    # Instead of the cmdlet: the addresses of the page become those of the practice server, and the client the one it knows.
    function Connect-GroupExport {
        param($DestinationSlug, $EnvironmentFlag, $FhirBaseUri, $ClientId, $PrivateKeyPath)
        $to = $FhirBaseUri ? @{ FhirBaseUri = $sandbox.FhirBaseUri } : @{ BaseUri = $sandbox.BaseUri; DestinationSlug = $DestinationSlug; EnvironmentFlag = $EnvironmentFlag }
        Test-Path $PrivateKeyPath | Should -BeTrue
        GroupExport\Connect-GroupExport @to -ClientId $sandbox.ClientId -PrivateKey $sandbox.PrivateKey
    }

    # Runs the blocks in turn in one scope, as somebody who types them; any error fails.
    function Invoke-Page {
        param([string] $Page, [string] $Without = '^\b$')
        $blocks = @(Get-Block $Page | Where-Object { $_ -notmatch $Without })
        $blocks.Count | Should -BeGreaterThan 0
        $id = $sandbox.ClientId
        foreach ($block in $blocks) {
            $failures = Get-Failure { $script:shown = . ([scriptblock]::Create($block)) 6>$null }
            $failures | Should -BeNullOrEmpty -Because $block
        }
    }
}

Describe 'The commands of' {
    BeforeEach {
        $place = (New-Item -ItemType Directory (Join-Path $TestDrive "$([guid]::NewGuid())")).FullName
        Push-Location $place
    }

    AfterEach {
        Pop-Location
        $sandbox | Stop-ExportSandbox
        Disconnect-GroupExport
    }

    It 'redox.md lead from a key to saved files' {
        $sandbox = Start-TestSandbox -With @{ Authorization = 'PrivateKeyJwt' }
        "Patient`npatient-0001" | Set-Content cohort.csv
        Invoke-Page redox.md
        (Get-ExportReceipt ./diabetes-2026).State | Should -Be 'Complete'
        (Get-ExportReceipt ./cohort).PatientCount | Should -Be 1
    }

    It 'fhir-servers.md make a key and look at the connection' {
        $sandbox = Start-TestSandbox -With @{ Authorization = 'PrivateKeyJwt' }
        Invoke-Page fhir-servers.md
        $shown.Passed | Should -Not -Contain $false
    }

    It 'unattended.md save, go on, and go on from yesterday' {
        $sandbox = Start-TestSandbox
        $sandbox | GroupExport\Connect-GroupExport | Out-Null
        $null = New-GroupExport -GroupId diabetes-2026 | Save-ExportFiles -Path ./2026-11-23
        # The incremental line saves where the first one did; the night itself runs in Samples/nightly.Tests.ps1.
        $since = @(Get-Block unattended.md) -match '-Since'
        Invoke-Page unattended.md -Without 'pwsh|-Since'
        (Get-ExportReceipt ./2026-11-24).State | Should -Be 'Complete'
        Rename-Item ./2026-11-24 ./first
        Get-Failure { & ([scriptblock]::Create($since)) } | Should -BeNullOrEmpty
        (Get-ExportReceipt ./2026-11-24).Parameters | Should -Be '_since'
    }

    It 'large-exports.md save packed, go on, begin early, and read' {
        $sandbox = Start-TestSandbox -With @{ GroupId = 'everybody'; Authorization = 'None' }
        $sandbox | GroupExport\Connect-GroupExport | Out-Null
        Invoke-Page large-exports.md -Without 'AllowPartialManifests|ReadLines'
        @(Get-ChildItem ./data/everybody/*.ndjson.gz).Count | Should -BeGreaterThan 5
        Rename-Item ./data/everybody ./packed
        Invoke-Page large-exports.md -Without '-Compress'
        $shown | Should -HaveCount 5
        $shown[0].id | Should -Not -BeNullOrEmpty
    }

    It 'troubleshooting.md look at a connection and an export' {
        $sandbox = Start-TestSandbox
        $sandbox | GroupExport\Connect-GroupExport | Out-Null
        $null = New-GroupExport -GroupId diabetes-2026 | Save-ExportFiles -Path ./diabetes-2026
        Invoke-Page troubleshooting.md
    }
}
