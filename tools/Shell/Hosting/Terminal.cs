using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Text;

namespace GroupExport.Shell.Hosting;

/// <summary>stdout and stderr as one screen: a status line at its foot gives way to every line that is written.</summary>
internal sealed class Terminal
{
    private const int WidthWhenRedirected = 100;
    private const int StatusWidthWhenRedirected = 80;
    private const string ClearLine = "\r\u001b[K";

    private readonly Lock _lock = new();
    private string _statusLine = "";
    private bool _atLineStart = true;

    public Terminal()
    {
        if (Console.IsOutputRedirected)
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }

        bool understandsEscapes = OperatingSystem.IsWindows()
            ? Environment.GetEnvironmentVariable("WT_SESSION") is not null
            : Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        bool wantsColour = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        HasErrorScreen = understandsEscapes && !Console.IsErrorRedirected;
        HasColour = understandsEscapes && wantsColour && !Console.IsOutputRedirected;
        HasErrorColour = HasErrorScreen && wantsColour;
    }

    /// <summary>Whether stderr can be redrawn.</summary>
    public bool HasErrorScreen { get; }

    /// <summary>Whether stdout shows colours.</summary>
    public bool HasColour { get; }

    private bool HasErrorColour { get; }

    /// <summary>Columns of stdout.</summary>
    public static int Width
    {
        get
        {
            if (Console.IsOutputRedirected)
            {
                return WidthWhenRedirected;
            }

            // A terminal without a known size says 0.
            int width = Console.WindowWidth;
            return width > 0 ? width : WidthWhenRedirected;
        }
    }

    public string Coloured(string style, string text) => HasColour ? style + text + PSStyle.Instance.Reset : text;

    public void Write(string text) => Write(Console.Out, HasColour ? text : Plain(text));

    public void WriteError(string text)
    {
        string plain = Plain(text);
        bool alreadyColoured = plain.Length < text.Length;
        string shown = !HasErrorColour ? plain
            : alreadyColoured ? text
            : PSStyle.Instance.Formatting.Error + text + PSStyle.Instance.Reset;
        Write(Console.Error, shown + Environment.NewLine);
    }

    /// <summary>Shows a line that the next call replaces; an empty one takes it away. Only where <see cref="HasErrorScreen"/>.</summary>
    public void ShowStatusLine(string text)
    {
        lock (_lock)
        {
            EraseStatusLine();
            int width = Console.IsOutputRedirected ? StatusWidthWhenRedirected : Width;
            _statusLine = text.Length < width ? text : text[..(width - 1)];
            DrawStatusLine();
        }
    }

    /// <summary>The formatter decorates for a host whatever the host can show.</summary>
    private static string Plain(string text) => new StringDecorated(text).ToString(OutputRendering.PlainText);

    private void Write(TextWriter writer, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        lock (_lock)
        {
            EraseStatusLine();
            writer.Write(text);
            _atLineStart = text.EndsWith('\n');
            DrawStatusLine();
        }
    }

    private void EraseStatusLine()
    {
        if (_statusLine.Length > 0 && _atLineStart)
        {
            Console.Error.Write(ClearLine);
        }
    }

    private void DrawStatusLine()
    {
        if (_statusLine.Length > 0 && _atLineStart)
        {
            Console.Error.Write(_statusLine);
        }
    }
}
