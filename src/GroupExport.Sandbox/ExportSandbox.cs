namespace GroupExport.Sandbox;

/// <summary>A practice server on loopback.</summary>
public sealed class ExportSandbox;
