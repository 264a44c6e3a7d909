using System.Text;
using GroupExport.Ndjson;

namespace GroupExport.Tests.Ndjson;

/// <summary>Whether a file looks as if it had been cut.</summary>
public sealed class CutTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("{\"resourceType\":\"Patient\"}", false)]
    [InlineData("{\"resourceType\":\"Patient\"}\n", false)]
    [InlineData("{\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Pat", true)]
    [InlineData("{\"resourceType\":\"Patient\"}\n{\"resourceType\":\"Pat\n", false)]
    [InlineData("{\"resourceType\":\"Pat\n{\"resourceType\":\"Patient\"}", false)]
    [InlineData("{", true)]
    [InlineData("{\n", false)]
    [InlineData("{\n ", false)]
    public void It_does_when_its_last_line_is_faulty_and_has_no_newline(string text, bool cut)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        foreach (int piece in Enumerable.Range(1, bytes.Length + 1))
        {
            foreach (ILineScan scan in new ILineScan[] { new NdjsonScan("Patient", hasHeaders: false, long.MaxValue), new LineCount(long.MaxValue) })
            {
                foreach (byte[] part in bytes.Chunk(piece))
                {
                    scan.Add(part);
                }

                scan.Complete();
                Assert.True(cut == scan.EndsInFault, $"{scan.GetType().Name} in pieces of {piece}");
            }
        }
    }
}
