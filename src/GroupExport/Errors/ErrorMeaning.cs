using System.Management.Automation;

namespace GroupExport.Errors;

/// <summary>What an error id means to PowerShell and to whoever reads it.</summary>
/// <param name="Category">The category of its error records.</param>
/// <param name="RecommendedAction">What to do.</param>
internal sealed record ErrorMeaning(ErrorCategory Category, string RecommendedAction);
