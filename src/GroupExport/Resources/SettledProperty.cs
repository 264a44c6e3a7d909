using System.Management.Automation;

namespace GroupExport.Resources;

/// <summary>A note property that becomes part of the object that it is made for, where PowerShell would take a copy of it.</summary>
internal sealed class SettledProperty(string name, object? value) : PSNoteProperty(name, value)
{
    private bool _isPart;

    /// <summary>Itself the first time, which is when it is added to its object; after that a copy.</summary>
    public override PSMemberInfo Copy()
    {
        if (_isPart)
        {
            return new PSNoteProperty(Name, Value);
        }

        _isPart = true;
        return this;
    }
}
