namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// Recognises identifiers anywhere in a value. It is asked about every value that is not an allowed one: a value that
/// passed its closed type is a known code, a date of the period or a bounded number, and needs no second look.
/// One pass counts what the value is made of; only recognisers that could succeed then look closely.
/// </summary>
public sealed class IdentifierRecogniser(int newestBirthYear)
{
    [Flags]
    enum Kind : byte
    {
        Other = 0,
        Digit = 1,
        Letter = 2,
        At = 4,
        DateMark = 8,
    }

    static readonly Kind[] s_kinds = Kinds();

    /// <summary>Dates of this year or before may be births.</summary>
    public int NewestBirthYear => newestBirthYear;

    public Identifier Recognise(ReadOnlySpan<byte> value)
    {
        int digits = 0, letters = 0;
        var seen = Kind.Other;
        foreach (var b in value)
        {
            var kind = s_kinds[b];
            seen |= kind;
            digits += kind == Kind.Digit ? 1 : 0;
            letters += kind == Kind.Letter ? 1 : 0;
        }

        if (seen.HasFlag(Kind.At) && EmailAddress.IsIn(value))
            return Identifier.EmailAddress;
        if (digits < 2)
            return digits + letters >= 32 && PersistentHash.IsIn(value) ? Identifier.PersistentHash : Identifier.None;
        if (letters >= 3 && Postcode.IsFullIn(value))
            return Identifier.FullPostcode;
        if (digits >= 6 && letters >= 3 && NationalInsuranceNumber.IsIn(value))
            return Identifier.NationalInsuranceNumber;
        if (digits >= 10 && NhsNumber.IsIn(value))
            return Identifier.NhsNumber;
        if (digits >= 10 && PhoneNumber.IsIn(value))
            return Identifier.PhoneNumber;
        if (digits >= 6 && seen.HasFlag(Kind.DateMark) && BirthDate.IsIn(value, newestBirthYear))
            return Identifier.BirthDate;
        return digits + letters >= 32 && PersistentHash.IsIn(value) ? Identifier.PersistentHash : Identifier.None;
    }

    static Kind[] Kinds()
    {
        var kinds = new Kind[256];
        for (var b = 0; b < kinds.Length; b++)
        {
            kinds[b] = (char)b switch
            {
                >= '0' and <= '9' => Kind.Digit,
                (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') => Kind.Letter,
                '@' => Kind.At,
                '-' or '/' or '.' => Kind.DateMark,
                _ => Kind.Other,
            };
        }

        return kinds;
    }
}
