using System.Diagnostics;

namespace GroupExport.Ndjson;

/// <summary>Numbers, <c>true</c>, <c>false</c> and <c>null</c> (RFC 8259 sections 3 and 6), byte by byte and across the borders of blocks.</summary>
internal static class Scalar
{
    /// <summary>Before the first byte.</summary>
    public const byte Start = 0;

    private const int Minus = 1, Zero = 2, Integer = 3, Point = 4, Fraction = 5, Exponent = 6, ExponentSign = 7, ExponentDigits = 8, Bad = 9, Literals = 10;

    private static readonly byte[] s_next = [];
    private static readonly bool[] s_complete = [];

    static Scalar()
    {
        List<(int From, string Bytes, int To)> steps =
        [
            (Start, "-", Minus), (Start, "0", Zero), (Start, "123456789", Integer),
            (Minus, "0", Zero), (Minus, "123456789", Integer),
            (Integer, "0123456789", Integer),
            (Zero, ".", Point), (Integer, ".", Point),
            (Point, "0123456789", Fraction), (Fraction, "0123456789", Fraction),
            (Zero, "eE", Exponent), (Integer, "eE", Exponent), (Fraction, "eE", Exponent),
            (Exponent, "+-", ExponentSign), (Exponent, "0123456789", ExponentDigits), (ExponentSign, "0123456789", ExponentDigits),
            (ExponentDigits, "0123456789", ExponentDigits),
        ];
        List<int> complete = [Zero, Integer, Fraction, ExponentDigits];
        int states = Literals;
        foreach (string literal in (string[])["true", "false", "null"])
        {
            int from = Start;
            foreach (char letter in literal)
            {
                steps.Add((from, letter.ToString(), states));
                from = states++;
            }

            complete.Add(from);
        }

        s_next = new byte[states * 256];
        s_complete = new bool[states];
        Array.Fill(s_next, (byte)Bad);
        foreach ((int from, string bytes, int to) in steps)
        {
            foreach (char letter in bytes)
            {
                Debug.Assert(s_next[(from * 256) + letter] == Bad);
                s_next[(from * 256) + letter] = (byte)to;
            }
        }

        complete.ForEach(state => s_complete[state] = true);
    }

    public static byte Next(byte state, ReadOnlySpan<byte> bytes)
    {
        byte[] next = s_next;
        foreach (byte value in bytes)
        {
            state = next[(state << 8) | value];
        }

        return state;
    }

    /// <summary>Whether it may end here.</summary>
    public static bool IsComplete(byte state) => s_complete[state];
}
