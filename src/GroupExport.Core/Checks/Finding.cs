namespace GroupExport.Checks;

/// <summary>What one look found, in words.</summary>
internal sealed record Finding(bool Passed, string Detail)
{
    public static Finding NotTried { get; } = Bad("Not tried: there is no token.");

    public static Finding Good(string detail) => new(true, detail);

    public static Finding Bad(string detail) => new(false, detail);

    public ConnectionCheck As(string name) => new() { Name = name, Passed = Passed, Detail = Detail };
}
