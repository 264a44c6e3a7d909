namespace GroupExport.Sandbox;

/// <summary>How the sandbox writes <c>Retry-After</c>; all of these are seen in the field.</summary>
public enum RetryAfterForm
{
    /// <summary>As a number of seconds (RFC 9110, 10.2.3).</summary>
    Seconds,

    /// <summary>As a date (RFC 9110, 10.2.3).</summary>
    HttpDate,

    /// <summary>As a date of an hour ago.</summary>
    PastDate,

    /// <summary>As the seconds since 1970, which read as a number of seconds are half a century.</summary>
    EpochSeconds,

    /// <summary>The same in milliseconds.</summary>
    EpochMilliseconds,

    /// <summary>Not at all.</summary>
    None,
}
