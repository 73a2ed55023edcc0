namespace IsaExchange.Cli.Rendering;

/// <param name="Key">Name in JSON and CSV; part of the interface, it does not change.</param>
/// <param name="Heading">Heading for eyes.</param>
/// <param name="Number">Aligned to the right.</param>
/// <param name="Wraps">A sentence: it may take several lines, so that the rest of the row keeps one.</param>
/// <param name="Detail">For programs and spreadsheets: left out of the table for eyes.</param>
sealed record Column(string Key, string Heading, bool Number = false, bool Wraps = false, bool Detail = false);

/// <summary>A value with a form for eyes and one for programs, such as a period or a long name.</summary>
sealed record TwoForms(string Eyes, string Whole);

/// <summary>Rows of one kind: a table, a JSON array of objects, or CSV.</summary>
sealed class Listing(params Column[] columns)
{
    readonly List<object?[]> _rows = [];

    public IReadOnlyList<Column> Columns => columns;

    public IReadOnlyList<object?[]> Rows => _rows;

    public void Add(params object?[] cells)
    {
        if (cells.Length != columns.Length)
            throw new InvalidOperationException($"A row of {cells.Length} cells in a listing of {columns.Length}.");
        _rows.Add(cells);
    }
}

/// <summary>One thing, told field by field: two columns for eyes, one JSON object, one CSV record.</summary>
sealed class Card
{
    readonly List<(Column Field, object? Value)> _fields = [];

    public IReadOnlyList<(Column Field, object? Value)> Fields => _fields;

    public Card Add(string key, string label, object? value)
    {
        _fields.Add((new Column(key, label), value));
        return this;
    }

    /// <summary>A field for programs and spreadsheets only.</summary>
    public Card AddDetail(string key, object? value)
    {
        _fields.Add((new Column(key, key, Detail: true), value));
        return this;
    }

    public Listing AsListing()
    {
        var listing = new Listing([.. _fields.Select(f => f.Field)]);
        listing.Add([.. _fields.Select(f => f.Value)]);
        return listing;
    }
}
