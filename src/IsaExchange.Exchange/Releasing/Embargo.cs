using System.Globalization;
using IsaExchange.Agreement;
using IsaExchange.Exchange.Storage.Catalogue;

namespace IsaExchange.Exchange.Releasing;

/// <summary>From when on readers may read a release. It is published before, and no longer moves.</summary>
static class Embargo
{
    const int DaysMax = 366;

    /// <summary>The later of what the agreement says and what whoever publishes says; a day begins in London.</summary>
    public static DateTimeOffset ReadableFrom(FeedClause feed, DateTimeOffset published, DateOnly? until)
    {
        var readable = feed.EmbargoDays == 0
            ? published
            : BeginningOf(LondonTime.Date(published).AddDays(feed.EmbargoDays));
        return until is { } day && BeginningOf(day) > readable ? BeginningOf(day) : readable;
    }

    /// <exception cref="ExchangeException">INVALID_ARGUMENT.</exception>
    public static void Check(DateOnly? until, DateTimeOffset now)
    {
        var today = LondonTime.Date(now);
        if (until is { } day && (day <= today || day > today.AddDays(DaysMax)))
            throw ExchangeException.Invalid(
                "EMBARGO_INVALID",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"An embargo ends on a day after today, and no more than {DaysMax} days ahead."));
    }

    public static bool Holds(ReleaseRow row, DateTimeOffset now) => now.UtcTicks < row.ReadableTicks;

    public static ExchangeException Refusal(ReleaseRow row)
    {
        var until = Time(row.ReadableTicks);
        return new ExchangeException(
            ProblemKind.FailedPrecondition, "EMBARGOED",
            $"{row.Name} is published and cannot be read before {until}.",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["until"] = until });
    }

    /// <summary>As it stands in signed notes and refusals.</summary>
    public static string Time(long ticks) => new DateTime(ticks, DateTimeKind.Utc).ToString(
        "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    static DateTimeOffset BeginningOf(DateOnly day) => LondonTime.EndOf(day.AddDays(-1));
}
