namespace GroupExport.Sandbox.KickOffs;

/// <summary>An export parameter whose form has been checked, but not yet its value.</summary>
/// <param name="Name">One of <see cref="ParameterNames"/>.</param>
/// <param name="Value">The value as text; may hold a comma-joined list where the parameter takes one.</param>
internal readonly record struct RawParameter(string Name, string Value);
