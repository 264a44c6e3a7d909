namespace GroupExport.Import;

/// <summary>Reads one file, a stretch of lines at a time, so that memory does not grow with it.</summary>
internal sealed class FileImport : IDisposable
{
    private readonly ImportFile _file;
    private readonly LineForm _form;
    private readonly LineReader _lines;
    private readonly HashedStream? _hashed;
    private long _count;

    /// <exception cref="ExportException">The file cannot be opened.</exception>
    public FileImport(ImportFile file, LineForm form)
    {
        _file = file;
        _form = form;
        Stream content = file.Open();
        _hashed = file.Sha256 is null ? null : new HashedStream(content);
        _lines = new LineReader(_hashed ?? content);
    }

    /// <summary>Reads on.</summary>
    /// <returns>What came of the next lines, in their order, perhaps nothing; null at the end of the file.</returns>
    /// <exception cref="ExportException">The file cannot be read on, or ends before all that was saved (<see cref="ExportErrorKind.FileFailed"/>), or was not what was saved (<see cref="ExportErrorKind.InvalidFile"/>); what lies before has been given.</exception>
    public async Task<IReadOnlyList<object>?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await _lines.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return ReadLines();
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw _file.Unreadable("cannot be read to its end", fault);
        }

        if (_count < _file.Count)
        {
            throw _file.CutOff(_count);
        }

        return _hashed is null || _hashed.Sha256() == _file.Sha256 ? null : throw _file.Changed();
    }

    public void Dispose() => _lines.Dispose();

    private List<object> ReadLines()
    {
        List<object> read = [];
        while (_lines.TryNext(out ReadOnlySpan<byte> line))
        {
            if (_lines.WasTooLong)
            {
                _count++;
                read.Add(new BrokenLine(_lines.Number, _lines.TooLong));
            }
            else if (!ResourceScan.IsBlank(line))
            {
                _count++;
                _form.Read(line, _lines.Number, read);
            }
        }

        return read;
    }
}
