using System.Management.Automation;

namespace GroupExport.Resources;

/// <summary>A property that reads its value from the line when it is asked for the first time. To PowerShell it is a note property like those of ConvertFrom-Json.</summary>
/// <remarks>Objects go to runspaces that work side by side: of two that read at once both get the value of the first.</remarks>
internal sealed class LazyProperty(string name, byte[] line, int start, int end) : PSNoteProperty(name, null)
{
    /// <summary>Null once the value has been read or set; the lock for both until then.</summary>
    private byte[]? _line = line;
    private bool _isPart;

    /// <summary>The value.</summary>
    public override object? Value
    {
        get
        {
            if (Volatile.Read(ref _line) is { } line)
            {
                Settle(ValueReader.Read(line.AsSpan(start, end - start)), line, isRead: true);
            }

            return base.Value;
        }

        set
        {
            if (Volatile.Read(ref _line) is { } line)
            {
                Settle(value, line, isRead: false);
            }
            else
            {
                base.Value = value;
            }
        }
    }

    /// <summary>PowerShell takes a copy of what is added to an object; the first time it gets the property itself.</summary>
    public override PSMemberInfo Copy()
    {
        if (!_isPart)
        {
            _isPart = true;
            return this;
        }

        return Volatile.Read(ref _line) is { } line ? new LazyProperty(Name, line, start, end) : new PSNoteProperty(Name, base.Value);
    }

    private void Settle(object? value, byte[] line, bool isRead)
    {
        lock (line)
        {
            if (_line is not null || !isRead)
            {
                base.Value = value;
                Volatile.Write(ref _line, null);
            }
        }
    }
}
