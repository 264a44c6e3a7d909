@{
    RootModule           = 'bin/GroupExport.dll'
    # Stands first: it resolves GroupExport.Core and GroupExport.Sandbox before PowerShell reads the types of the root module.
    NestedModules        = @('bin/GroupExport.Loader.dll')
    ModuleVersion        = '0.1.0'
    GUID                 = '5f0c1f0e-6a4b-4b53-9b5e-2f7f6a0c9d31'
    Author               = 'The GroupExport team'
    CompanyName          = 'GroupExport'
    Copyright            = '(c) The GroupExport team. MIT licence.'
    Description          = 'Exports the FHIR data of a group of patients in bulk: kick off, wait, save, verify. For Redox and for any server that speaks FHIR Bulk Data Access.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    TypesToProcess       = @('GroupExport.Types.ps1xml')
    FormatsToProcess     = @('GroupExport.Format.ps1xml')
    FunctionsToExport    = @()
    CmdletsToExport      = @(
        'Connect-GroupExport'
        'Disconnect-GroupExport'
        'Get-ExportReceipt'
        'Get-ExportStatus'
        'Get-GroupExportConnection'
        'Import-ExportFiles'
        'New-GroupExport'
        'Remove-GroupExport'
        'Save-ExportFiles'
        'Start-ExportSandbox'
        'Stop-ExportSandbox'
        'Test-ExportFiles'
        'Test-GroupExportConnection'
    )
    VariablesToExport    = @()
    AliasesToExport      = @('Stop-GroupExport')
    PrivateData          = @{
        PSData = @{
            Tags         = @('FHIR', 'BulkData', 'Redox', 'Healthcare', 'NDJSON', 'PSEdition_Core')
            LicenseUri   = 'https://licenses.nuget.org/MIT'
            ProjectUri   = 'https://github.com/groupexport/GroupExport'
            IconUri      = 'https://raw.githubusercontent.com/groupexport/GroupExport/main/docs/images/icon.png'
            ReleaseNotes = 'https://github.com/groupexport/GroupExport/blob/main/CHANGELOG.md'
        }
    }
}
