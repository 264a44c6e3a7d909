namespace GroupExport.Ndjson;

/// <summary>What may follow what in a line that is one JSON object (RFC 8259 sections 2, 4 and 5), as a table over places and tokens.</summary>
internal static class Grammar
{
    /// <summary>An entry is the next place and, above it, what is to be done.</summary>
    public const int ActionShift = 9;
    public const int PlaceMask = (1 << ActionShift) - 1;

    /// <summary>Places are multiples of the number of tokens, so that place plus token is the index.</summary>
    private const int TokenCount = 16;

    /// <summary>Between lines.</summary>
    public const int LineStart = 0 * TokenCount;
    public const int ObjectStart = 1 * TokenCount;
    public const int Key = 2 * TokenCount;
    public const int Colon = 3 * TokenCount;
    public const int Value = 4 * TokenCount;
    public const int AfterMember = 5 * TokenCount;
    public const int ArrayStart = 6 * TokenCount;
    public const int Element = 7 * TokenCount;
    public const int AfterElement = 8 * TokenCount;

    /// <summary>Behind the object of the line.</summary>
    public const int Done = 9 * TokenCount;

    /// <summary>The same places in the outermost object while its type is not known.</summary>
    public const int TypelessStart = 10 * TokenCount;
    public const int TypelessKey = 11 * TokenCount;
    public const int TypelessColon = 12 * TokenCount;
    public const int TypelessValue = 13 * TokenCount;
    public const int TypelessAfterMember = 14 * TokenCount;

    /// <summary>Behind the key <c>resourceType</c>.</summary>
    public const int TypeColon = 15 * TokenCount;
    public const int TypeValue = 16 * TokenCount;

    /// <summary>In a line that has its finding: nothing counts until it ends.</summary>
    public const int Skip = 17 * TokenCount;

    private const int PlaceCount = 18;

    private static readonly ushort[] s_steps = Build();
    private static readonly byte[] s_tokens = Tokens();

    /// <summary>By place plus token.</summary>
    public static ReadOnlySpan<ushort> Steps => s_steps;

    /// <summary>By the first byte of a token.</summary>
    public static ReadOnlySpan<byte> TokenOf => s_tokens;

    private enum Token
    {
        Scalar,
        String,
        OpenObject,
        CloseObject,
        OpenArray,
        CloseArray,
        Comma,
        Colon,
        Newline,
    }

    private static ushort[] Build()
    {
        ushort[] steps = new ushort[PlaceCount * TokenCount];
        for (int place = 0; place < steps.Length; place += TokenCount)
        {
            Array.Fill(steps, place == Skip ? (ushort)Skip : Entry(Action.Misplaced, place), place, TokenCount);
            Set(place, Token.Newline, Action.EndLine, place);
        }

        Set(LineStart, Token.OpenObject, Action.OpenObject, TypelessStart);
        Object(ObjectStart, Key, Colon, Value, AfterMember);
        Object(TypelessStart, TypelessKey, TypelessColon, TypelessValue, TypelessAfterMember);
        Set(TypelessStart, Token.String, Action.ProbeKey, TypelessColon);
        Set(TypelessKey, Token.String, Action.ProbeKey, TypelessColon);
        Set(TypeColon, Token.Colon, Action.None, TypeValue);
        Set(TypeValue, Token.String, Action.ProbeType, AfterMember);

        Values(ArrayStart, AfterElement);
        Values(Element, AfterElement);
        Set(ArrayStart, Token.CloseArray, Action.Close, AfterElement);
        Set(AfterElement, Token.CloseArray, Action.Close, AfterElement);
        Set(AfterElement, Token.Comma, Action.None, Element);
        return steps;

        void Object(int start, int key, int colon, int value, int after)
        {
            Set(start, Token.String, Action.None, colon);
            Set(start, Token.CloseObject, Action.Close, after);
            Set(key, Token.String, Action.None, colon);
            Set(colon, Token.Colon, Action.None, value);
            Values(value, after);
            Set(after, Token.Comma, Action.None, key);
            Set(after, Token.CloseObject, Action.Close, after);
        }

        void Values(int place, int after)
        {
            Set(place, Token.Scalar, Action.Scalar, after);
            Set(place, Token.String, Action.None, after);
            Set(place, Token.OpenObject, Action.OpenObject, ObjectStart);
            Set(place, Token.OpenArray, Action.OpenArray, ArrayStart);
        }

        void Set(int place, Token token, Action action, int next) => steps[place + (int)token] = Entry(action, next);
    }

    private static ushort Entry(Action action, int place) => (ushort)(((int)action << ActionShift) | place);

    private static byte[] Tokens()
    {
        byte[] tokens = new byte[256];
        tokens['"'] = (byte)Token.String;
        tokens['{'] = (byte)Token.OpenObject;
        tokens['}'] = (byte)Token.CloseObject;
        tokens['['] = (byte)Token.OpenArray;
        tokens[']'] = (byte)Token.CloseArray;
        tokens[','] = (byte)Token.Comma;
        tokens[':'] = (byte)Token.Colon;
        tokens['\n'] = (byte)Token.Newline;
        return tokens;
    }

    /// <summary>What a token asks for besides the next place.</summary>
    internal enum Action
    {
        None,
        OpenObject,
        OpenArray,

        /// <summary>The next place depends on what is still open.</summary>
        Close,
        Scalar,

        /// <summary>The entry has the place where the line ends.</summary>
        EndLine,
        ProbeKey,
        ProbeType,

        /// <summary>The entry has the place where the token is not allowed.</summary>
        Misplaced,
    }
}
