namespace GroupExport.Import;

/// <summary>Gives Bundles as they are, those that delete a resource of a type that is wanted.</summary>
internal sealed class DeletionLines(IReadOnlySet<string> types, LineForm form) : LineForm(types)
{
    public override void Read(ReadOnlySpan<byte> line, long number, List<object> into)
    {
        if (TryScan(line, number, into) && Deletions.ReadBundle(Scan, line, out _).Exists(resource => IsWanted(resource.Type)))
        {
            form.Read(line, number, into);
        }
    }
}
