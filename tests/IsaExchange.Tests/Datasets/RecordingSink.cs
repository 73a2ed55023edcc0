using IsaExchange.Datasets.Validation;

namespace IsaExchange.Tests.Datasets;

/// <summary>Keeps what it is given.</summary>
sealed class RecordingSink : IRecordSink
{
    public List<(long Number, int Area, int[] Dimensions, byte[] Canonical, int Count)> Records { get; } = [];

    public void Accept(in ValidRecord record) => Records.Add(
        (
            record.RecordNumber, record.AreaIndex, record.Dimensions.ToArray(), record.Canonical.ToArray(),
            record.Count));
}

/// <summary>Counts and keeps nothing.</summary>
sealed class CountingSink : IRecordSink
{
    public long Count { get; private set; }

    public void Accept(in ValidRecord record) => Count++;
}
