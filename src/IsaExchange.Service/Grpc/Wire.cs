using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using IsaExchange.Agreement;
using IsaExchange.Exchange;
using IsaExchange.V1;
using Date = Google.Type.Date;

namespace IsaExchange.Service.Grpc;

/// <summary>Small conversions between the wire and the exchange's own types.</summary>
static class Wire
{
    public static Date Day(DateOnly day) => new() { Year = day.Year, Month = day.Month, Day = day.Day };

    public static Date Day(string iso) => Day(DateOnly.ParseExact(iso, "yyyy-MM-dd"));

    public static Period Period(InformationPeriod period) =>
        new() { StartDate = Day(period.Start), EndDateExclusive = Day(period.EndExclusive) };

    public static Period Period(string startIso, string endIso) =>
        Period(
            new InformationPeriod(
                DateOnly.ParseExact(startIso, "yyyy-MM-dd"), DateOnly.ParseExact(endIso, "yyyy-MM-dd")));

    /// <exception cref="ExchangeException">INVALID_ARGUMENT when absent or no calendar interval.</exception>
    public static InformationPeriod Read(Period? period)
    {
        if (TryDay(period?.StartDate) is { } start && TryDay(period?.EndDateExclusive) is { } end && start < end)
            return new InformationPeriod(start, end);
        throw ExchangeException.Invalid("PERIOD_INVALID", "A period has a start date and a later, exclusive end date.");
    }

    /// <exception cref="ExchangeException">INVALID_ARGUMENT when absent or no calendar day.</exception>
    public static DateOnly Read(Date? date) => TryDay(date) ?? throw ExchangeException.Invalid(
        "DAY_INVALID", "A day has a year, a month and a day of the calendar.");

    public static Timestamp Time(long ticks) => Timestamp.FromDateTime(new DateTime(ticks, DateTimeKind.Utc));

    public static ByteString Hex(string? hex) =>
        string.IsNullOrEmpty(hex) ? ByteString.Empty : ByteString.CopyFrom(Convert.FromHexString(hex));

    /// <summary>
    /// Digest of a request's type and of all of it but its id: what "the same request" means. Many requests are alike
    /// byte by byte, and what undoes an act must not pass for its repetition.
    /// </summary>
    public static RequestKey Key<T>(
        T request, string requestId, Action<T> clearId) where T : IDeepCloneable<T>, IMessage<T>
    {
        var body = request.Clone();
        clearId(body);
        return RequestKey.Of(
            requestId, [.. Encoding.ASCII.GetBytes(body.Descriptor.FullName + "\n"), .. body.ToByteArray()]);
    }

    /// <summary>Null when it is not said.</summary>
    /// <exception cref="ExchangeException">INVALID_ARGUMENT when there is no such day.</exception>
    public static DateOnly? ReadDay(Date? date) => date is null
        ? null
        : TryDay(date) ?? throw ExchangeException.Invalid("DAY_INVALID", "There is no such day.");

    static DateOnly? TryDay(Date? date)
    {
        var known = date is { Year: >= 1900 and <= 9998, Month: >= 1 and <= 12, Day: >= 1 }
            && date.Day <= DateTime.DaysInMonth(date.Year, date.Month);
        return known ? new DateOnly(date!.Year, date.Month, date.Day) : null;
    }
}
