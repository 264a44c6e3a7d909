@{
    Severity     = 'Error', 'Warning'
    ExcludeRules = @(
        # As in the settings of the repository.
        'PSReviewUnusedParameter'
        'PSUseShouldProcessForStateChangingFunctions'
        'PSUseBOMForUnicodeEncodedFile'
        # What BeforeAll sets, an It reads.
        'PSUseDeclaredVarsMoreThanAssignments'
        # Stand-ins have the names of what they stand for, and secrets are made up.
        'PSUseSingularNouns'
        'PSAvoidUsingConvertToSecureStringWithPlainText'
    )
    Rules        = @{
        # It is tested by its name.
        PSAvoidUsingCmdletAliases = @{ allowlist = @('Stop-GroupExport') }
    }
}
