using System.Net;
using System.Security.Cryptography;
using System.Text;
using GroupExport.Authorization;
using GroupExport.Http;
using GroupExport.Import;

namespace GroupExport.Fuzz;

/// <summary>Header values, keys, and lines of saved files.</summary>
internal static class TextTargets
{
    private static readonly string s_folder = Directory.CreateTempSubdirectory("fuzz-").FullName;

    private static readonly byte[][] s_lines = Targets.Texts(
        """{"resourceType":"Patient","id":"a","birthDate":"2026-11","extension":[{"url":"u","valueDecimal":1.50}],"contained":[{"resourceType":"Organization","id":"o"}]}""" + "\n" + """{"resourceType":"Patient","id":"b"}""",
        """{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1E-7}}""");

    public static IReadOnlyList<Target> All { get; } =
    [
        new("retry-after", Targets.Texts("120", "Wed, 21 Oct 2026 07:28:00 GMT", "limit=10, remaining=0, reset=30", "1793000000"), [], ReadRetryAfter),
        new("key", Keys(), KeyKinds, ReadKey),
        new("import-object", s_lines, [ExportErrorKind.FileFailed], input => Import(input, ImportForm.Object)),
        new("import-json", s_lines, [ExportErrorKind.FileFailed], input => Import(input, ImportForm.Json)),
        new("import-fhir", s_lines, [ExportErrorKind.FileFailed], input => Import(input, ImportForm.Fhir)),
        new("import-deleted", Targets.Texts("""{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"Patient/1"}}]}"""), [ExportErrorKind.FileFailed], input => Import(input, ImportForm.Object, ImportKind.Deleted)),
    ];

    private static IReadOnlyList<ExportErrorKind> KeyKinds =>
    [
        ExportErrorKind.KeyUnreadable, ExportErrorKind.KeyNotPrivate, ExportErrorKind.KeyTooWeak, ExportErrorKind.KeyIdMissing, ExportErrorKind.WrongPassphrase,
        ExportErrorKind.KeyAlgorithmMismatch, ExportErrorKind.KeyAmbiguous,
    ];

    /// <summary>Made for each run; no key is ever kept.</summary>
    private static byte[][] Keys()
    {
        using ECDsa ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        ECParameters numbers = ecdsa.ExportParameters(includePrivateParameters: true);
        string jwk = $$"""{"kty":"EC","crv":"P-384","kid":"k","alg":"ES384","x":"{{Encoded(numbers.Q.X!)}}","y":"{{Encoded(numbers.Q.Y!)}}","d":"{{Encoded(numbers.D!)}}"}""";
        using RSA rsa = RSA.Create(2048);
        return Targets.Texts(jwk, $$"""{"keys":[{{jwk}}]}""", ecdsa.ExportPkcs8PrivateKeyPem(), ecdsa.ExportECPrivateKeyPem(), rsa.ExportRSAPrivateKeyPem());
    }

    private static string Encoded(byte[] number) => Convert.ToBase64String(number).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static void ReadRetryAfter(byte[] input)
    {
        string text = Encoding.Latin1.GetString(input);
        foreach (string name in new[] { "Retry-After", "RateLimit", "RateLimit-Reset", "X-RateLimit-Reset", "Date" })
        {
            using HttpResponseMessage response = new(HttpStatusCode.TooManyRequests);
            response.Headers.TryAddWithoutValidation(name, text);
            response.Headers.TryAddWithoutValidation("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT");
            TimeSpan? wait = RetryAfter.Read(response, DateTimeOffset.UnixEpoch.AddYears(56), TimeSpan.FromHours(24));
            if (wait < TimeSpan.Zero || wait > TimeSpan.FromHours(24))
            {
                throw new InvalidOperationException($"The wait is {wait}.");
            }
        }
    }

    private static void ReadKey(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        try
        {
            _ = KeyReader.Read(text, new KeyHints(KeyId: "k"));
        }
        catch (ExportException failure) when (failure.InnerException is not null)
        {
            throw new InvalidOperationException("The cause of a key's error is kept, and parsers quote what they read.", failure);
        }
    }

    private static void Import(byte[] input, ImportForm form, ImportKind kind = ImportKind.Output)
    {
        string path = Path.Combine(s_folder, $"{form}{kind}.ndjson");
        File.WriteAllBytes(path, input);
        using FileImport file = new(ImportFile.Of(path), LineForm.Of(form, kind, new HashSet<string>()));
        while (file.NextAsync(CancellationToken.None).GetAwaiter().GetResult() is not null)
        {
            // Each stretch of lines.
        }
    }
}
