namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// Recognises identifiers anywhere in a value. It is asked about every value that is not an allowed one: a value that
/// passed its closed type is a known code, a date of the period or a bounded number, and needs no second look.
/// </summary>
public sealed class IdentifierRecogniser(int newestBirthYear)
{
    /// <summary>Dates of this year or before may be births.</summary>
    public int NewestBirthYear => newestBirthYear;

    public Identifier Recognise(ReadOnlySpan<byte> value)
    {
        var shape = new ValueShape(value);
        if (shape.HasOdd && EmailAddress.IsIn(value))
            return Identifier.EmailAddress;
        if (shape.Digits + shape.Letters >= 32 && PersistentHash.IsIn(value))
            return Identifier.PersistentHash;
        if (shape.Digits >= 2 && OfDigits(value, shape) is var found && found != Identifier.None)
            return found;
        return shape.HasOdd && HiddenCharacter.IsIn(value) ? Identifier.HiddenCharacter : Identifier.None;
    }

    Identifier OfDigits(ReadOnlySpan<byte> value, ValueShape shape)
    {
        if (shape.Letters >= 3 && Postcode.IsFullIn(value))
            return Identifier.FullPostcode;
        if (shape.Digits < 6)
            return Identifier.None;
        if (shape.Letters >= 3 && NationalInsuranceNumber.IsIn(value))
            return Identifier.NationalInsuranceNumber;
        if (shape.Digits >= 10 && NhsNumber.IsIn(value))
            return Identifier.NhsNumber;
        if (shape.Digits >= 10 && PhoneNumber.IsIn(value))
            return Identifier.PhoneNumber;
        return shape.HasDateMark && BirthDate.IsIn(value, newestBirthYear) ? Identifier.BirthDate : Identifier.None;
    }
}
