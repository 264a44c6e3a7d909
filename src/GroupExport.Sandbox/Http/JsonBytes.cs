using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GroupExport.Sandbox.Http;

/// <summary>Writes a JSON body.</summary>
internal static class JsonBytes
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            write(json);
        }

        return buffer.WrittenMemory;
    }
}
