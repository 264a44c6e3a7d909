#Requires -Version 7.4

<#
.SYNOPSIS
Makes a key pair for SMART Backend Services: a private key for this machine alone, and a public one for the server.
.DESCRIPTION
Writes two files: the private key as JWK (for Connect-GroupExport -PrivateKeyPath; its key id is in it), and the public one as JWK Set, which
is what a server registers, as text or behind a URL. The key is ES384 (P-384), or RS384 (RSA, 3072 bits), the two that SMART names. Nothing is overwritten.

The private key is for the current user alone on Linux and macOS; on Windows put it into a folder that only the account of the runbook can read. Where
there is a vault, keep it there and delete the file.
.PARAMETER Path
The file for the private key.
.PARAMETER PublicPath
The file for the public key set.
.PARAMETER Algorithm
ES384 or RS384.
.EXAMPLE
./new-key.ps1 -Path key.jwk -PublicPath jwks.json

Makes an ES384 key. Register jwks.json with the server, then: Connect-GroupExport … -ClientId $id -PrivateKeyPath key.jwk
.EXAMPLE
./new-key.ps1 -Path key.jwk -Algorithm RS384; Set-Secret -Name fhir-key -Secret (Get-Content -Raw key.jwk); Remove-Item key.jwk

Makes an RS384 key and keeps it in the default vault.
#>
[CmdletBinding()]
param(
    [string] $Path = 'key.jwk',
    [string] $PublicPath = 'jwks.json',
    [ValidateSet('ES384', 'RS384')]
    [string] $Algorithm = 'ES384'
)

$ErrorActionPreference = 'Stop'
foreach ($file in $Path, $PublicPath) {
    if (Test-Path -LiteralPath $file) { throw "$file is there already. Name another file, or move it away: a key that is overwritten is lost." }
}

function ConvertTo-Base64Url([byte[]] $Bytes) { [Convert]::ToBase64String($Bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_') }

$public = [ordered]@{ kty = ''; use = 'sig'; alg = $Algorithm; kid = "$([guid]::NewGuid())" }
if ($Algorithm -eq 'ES384') {
    $key = [Security.Cryptography.ECDsa]::Create([Security.Cryptography.ECCurve]::CreateFromFriendlyName('nistP384'))
    $values = $key.ExportParameters($true)
    $public.kty = 'EC'
    $public.crv = 'P-384'
    $public.x = ConvertTo-Base64Url $values.Q.X
    $public.y = ConvertTo-Base64Url $values.Q.Y
    $secret = @{ d = $values.D }
}
else {
    $key = [Security.Cryptography.RSA]::Create(3072)
    $values = $key.ExportParameters($true)
    $public.kty = 'RSA'
    $public.n = ConvertTo-Base64Url $values.Modulus
    $public.e = ConvertTo-Base64Url $values.Exponent
    $secret = @{ d = $values.D; p = $values.P; q = $values.Q; dp = $values.DP; dq = $values.DQ; qi = $values.InverseQ }
}
$key.Dispose()

$private = [ordered]@{}
foreach ($name in $public.Keys) { $private[$name] = $public[$name] }
foreach ($name in $secret.Keys) { $private[$name] = ConvertTo-Base64Url $secret[$name] }

$options = [IO.FileStreamOptions]@{ Mode = 'CreateNew'; Access = 'Write' }
if (-not $IsWindows) { $options.UnixCreateMode = 'UserRead, UserWrite' }
$writer = [IO.StreamWriter]::new($PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path), [Text.UTF8Encoding]::new($false), $options)
try { $writer.Write(($private | ConvertTo-Json)) } finally { $writer.Dispose() }
@{ keys = @($public) } | ConvertTo-Json -Depth 3 | Set-Content -LiteralPath $PublicPath

[pscustomobject]@{ KeyId = $public.kid; Algorithm = $Algorithm; PrivateKey = $Path; PublicKeySet = $PublicPath }
