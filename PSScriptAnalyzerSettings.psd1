@{
    Severity     = 'Error', 'Warning'
    ExcludeRules = @(
        # Parameters that a function of the script or Get-Variable reads count as unused there.
        'PSReviewUnusedParameter'
        # Functions of a script are not commands that somebody types.
        'PSUseShouldProcessForStateChangingFunctions'
        # PowerShell 7 reads UTF-8.
        'PSUseBOMForUnicodeEncodedFile'
    )
}
