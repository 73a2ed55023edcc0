using CsvHelper;
using IsaExchange.Datasets.Reading;

namespace IsaExchange.Datasets.Mapping;

/// <summary>
/// A file of the source whose records belong to those of the inputs, such as the casualties of collisions. Only
/// numbers of them leave: how many have the values that a column of the mapping counts.
/// </summary>
/// <param name="Title">What its records are, for people.</param>
/// <param name="Key">Its column that names the record of the inputs.</param>
/// <param name="Of">The column of the inputs that is named so. It is read and not written.</param>
public sealed record SecondFile(string Title, string Key, string Of);

/// <summary>
/// The counts of a second file by key. Read whole before the inputs: so many bytes for each key. Each of its records is
/// counted for one record of the inputs, is left behind with it, or stops the run.
/// </summary>
sealed class SecondFileCounts
{
    /// <summary>More records than any authority has of a period; each takes about two hundred bytes.</summary>
    const int MostKeys = 1_000_000;

    readonly Dictionary<byte[], Belonging> _byKey = new(ByteText.Comparer);
    readonly Dictionary<byte[], Belonging>.AlternateLookup<ReadOnlySpan<byte>> _find;
    readonly ColumnMapping _mapping;
    readonly MappedColumn[] _tallies;
    readonly MappingFaults _faults;
    readonly string _name;

    SecondFileCounts(ColumnMapping mapping, string name, MappingFaults faults)
    {
        (_mapping, _name, _faults) = (mapping, name, faults);
        _tallies = [.. mapping.Columns.Where(c => c.Origin == ColumnOrigin.Tally)];
        _find = _byKey.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public long Records { get; private set; }

    /// <summary>Records of the inputs that nothing was counted for.</summary>
    public long WithoutRecords { get; private set; }

    /// <summary>Its records that belong to records of the inputs which were left behind.</summary>
    public long LeftBehind => _byKey.Values.Where(b => b is { Seen: true, Used: false }).Sum(b => b.Records);

    /// <summary>Reads the file; with any fault the counts are not to be used.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SecondFileCounts Read(ColumnMapping mapping, Stream csv, string name, MappingFaults faults)
    {
        var counts = new SecondFileCounts(mapping, name, faults);
        var options = new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
            MaxRecordSize = MappingRun.MaxRecordBytes,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Throw,
        };
        using var reader = CsvReader.Create(csv, options, leaveOpen: true);
        try
        {
            counts.Read(reader);
        }
        catch (CsvFormatException e)
        {
            faults.AddForRecord(MappingFaultKind.FieldCount, name, e.LineNumber, counts.Records,
                "not a record of RFC 4180 with as many fields as the header", "Export the file again.");
        }
        catch (PackedContentException packed)
        {
            faults.Add(MappingFaults.Packed(name, packed));
        }

        return counts;
    }

    /// <summary>Notes that the inputs have a record of this key, which may yet be left behind.</summary>
    public void See(ReadOnlySpan<byte> key)
    {
        if (_find.TryGetValue(key, out var belonging))
            belonging.Seen = true;
    }

    /// <summary>
    /// The counts for a record of the inputs, by position among the columns that count; empty = none. False when
    /// another record of the inputs took them: they would be counted twice.
    /// </summary>
    public bool TryTake(ReadOnlySpan<byte> key, out ReadOnlySpan<int> counts)
    {
        counts = default;
        if (!_find.TryGetValue(key, out var belonging))
        {
            WithoutRecords++;
            return true;
        }

        if (belonging.Used)
            return false;
        belonging.Used = true;
        counts = belonging.Counts;
        return true;
    }

    /// <summary>
    /// After the last input: a fault for every key that none of them has. Where there is a fault already, a record may
    /// have been passed over, and the keys that it would have had say nothing.
    /// </summary>
    public void CheckAllSeen()
    {
        if (_faults.Count > 0)
            return;
        foreach (var lost in _byKey.Values.Where(b => !b.Seen).OrderBy(b => b.FirstRecord))
            _faults.AddForRecord(MappingFaultKind.LostKey, _name, lost.FirstLine, lost.FirstRecord,
                $"the {_mapping.Second!.Title} of this key, {lost.Records}, belong to no record of the inputs",
                "Name every input that the second file belongs to, or export both anew.");
    }

    void Read(CsvReader reader)
    {
        if (!reader.Read())
        {
            _faults.AddForHeader(MappingFaultKind.NoHeader, _name, null, 0, "the file is empty", "Export it again.");
            return;
        }

        var names = new string[reader.FieldCount];
        for (var i = 0; i < names.Length; i++)
            names[i] = System.Text.Encoding.UTF8.GetString(reader.GetSpan(i));
        var key = Find(names, _mapping.Second!.Key);
        var fields = _tallies.Select(t => t.Tally.Select(c => Find(names, c.Column)).ToArray()).ToArray();
        if (_faults.Count > 0)
            return;
        while (reader.Read())
        {
            Records++;
            if (!Count(reader, key, fields))
                return;
        }
    }

    int Find(string[] names, string column)
    {
        var field = Array.IndexOf(names, column);
        if (field < 0)
            _faults.AddForHeader(MappingFaultKind.MissingColumn, _name, column, 0,
                $"the header has no column '{column}'", "Name the right file with --second, or correct the mapping.");
        return field;
    }

    bool Count(CsvReader reader, int key, int[][] fields)
    {
        var found = reader.GetSpan(key);
        if (!_find.TryGetValue(found, out var belonging))
            _find[found] = belonging = new Belonging(new int[_tallies.Length], reader.LineNumber, Records);
        belonging.Records++;
        var counted = false;
        for (var i = 0; i < _tallies.Length; i++)
        {
            if (!Holds(reader, _tallies[i].Tally, fields[i]))
                continue;
            belonging.Counts[i]++;
            counted = true;
        }

        // A casualty that counts nowhere would be lost without a word.
        if (!counted)
            _faults.AddForRecord(MappingFaultKind.NotConverted, _name, reader.LineNumber, Records,
                "the record is counted by no column of the mapping",
                "Correct its codes in the source, or add them to the mapping.");
        if (_byKey.Count <= MostKeys)
            return true;
        _faults.AddForRecord(MappingFaultKind.TooLong, _name, reader.LineNumber, Records,
            "the file belongs to more records than a period has", "Export one period only.");
        return false;
    }

    static bool Holds(CsvReader reader, IReadOnlyList<TallyCondition> conditions, int[] fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            var field = reader.GetSpan(fields[i]);
            var any = false;
            foreach (var value in conditions[i].Values)
                any |= field.SequenceEqual(value);
            if (!any)
                return false;
        }

        return true;
    }

    /// <summary>The records of one key, and whether the inputs have its record.</summary>
    sealed class Belonging(int[] counts, long firstLine, long firstRecord)
    {
        public int[] Counts => counts;

        public long FirstLine => firstLine;

        public long FirstRecord => firstRecord;

        public long Records { get; set; }

        public bool Seen { get; set; }

        public bool Used { get; set; }
    }
}
