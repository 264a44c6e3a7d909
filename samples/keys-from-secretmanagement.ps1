#Requires -Version 7.4
#Requires -Modules GroupExport

<#
.SYNOPSIS
Connects with a key or a client secret out of a vault of Microsoft.PowerShell.SecretManagement, so that none lies in a file.
.DESCRIPTION
Asks Get-Secret for the secret, and connects with what it gives: a SecureString is taken for a private key (JWK, JWKS or PEM as text),
a PSCredential for a client id and secret. The connection is the default of the runspace, so that the commands and samples that
come next use it. The secret is never shown and never becomes plain text here.

Put it into the vault once, such as:
    Set-Secret -Name redox-key -Secret (Get-Content -Raw redox.jwk)
    Set-Secret -Name fhir-client -Secret (Get-Credential)

Any failure ends the script with an error that can be caught; run as a script of its own, pwsh ends with exit code 1.
.PARAMETER KeySecret
The name of the secret.
.PARAMETER Vault
The vault; left out, all that are registered.
.PARAMETER ClientId
The id under which the client is registered; goes with a key.
.PARAMETER KeyId
The id of the key (kid), where it is not in the key.
.PARAMETER DestinationSlug
The slug of the Redox destination.
.PARAMETER EnvironmentFlag
The Redox environment, such as Production.
.PARAMETER BaseUri
A Redox server other than the usual one.
.PARAMETER FhirBaseUri
The base URL of a FHIR server, instead of a Redox destination.
.EXAMPLE
./keys-from-secretmanagement.ps1 -KeySecret redox-key -ClientId $id -DestinationSlug my-ehr -EnvironmentFlag Production

Connects to Redox with the key in the secret redox-key.
.EXAMPLE
./keys-from-secretmanagement.ps1 -KeySecret fhir-client -FhirBaseUri https://fhir.example.org/r4; ./nightly.ps1 -GroupId diabetes-2026 -Path /data/diabetes

Connects with a client id and secret, and runs the nightly export over that connection.
#>
[CmdletBinding()]
param(
    [string] $KeySecret,
    [string] $Vault,
    [string] $ClientId,
    [string] $KeyId,
    [string] $DestinationSlug,
    [string] $EnvironmentFlag,
    [uri] $BaseUri,
    [uri] $FhirBaseUri
)

$ErrorActionPreference = 'Stop'
if (-not $KeySecret) { throw 'Name the secret with -KeySecret.' }
if (-not (Get-Command Get-Secret -ErrorAction Ignore)) {
    throw 'There is no Get-Secret: Install-PSResource Microsoft.PowerShell.SecretManagement, and register a vault.'
}

$from = @{ Name = $KeySecret }
if ($Vault) { $from.Vault = $Vault }
$secret = Get-Secret @from

$with = @{}
foreach ($name in 'KeyId', 'DestinationSlug', 'EnvironmentFlag', 'BaseUri', 'FhirBaseUri') {
    $value = Get-Variable $name -ValueOnly
    if ($value) { $with[$name] = $value }
}

switch ($secret) {
    { $_ -is [securestring] } {
        if (-not $ClientId) { throw 'A key goes with -ClientId.' }
        Connect-GroupExport @with -ClientId $ClientId -PrivateKey $secret
        break
    }
    { $_ -is [pscredential] } { Connect-GroupExport @with -Credential $secret; break }
    default { throw "The secret '$KeySecret' is neither a text nor a credential. Store a key as text, or a client id and secret as a PSCredential." }
}
