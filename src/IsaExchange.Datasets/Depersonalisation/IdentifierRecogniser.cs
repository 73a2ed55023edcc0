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
        var ofLetters = shape.Letters == 0 ? Identifier.None : OfLettersAndDigits(value, shape);
        if (ofLetters != Identifier.None)
            return ofLetters;
        if (shape.Digits >= 10 && NhsNumber.IsIn(value))
            return Identifier.NhsNumber;
        if (shape.Digits >= 10 && PhoneNumber.IsIn(value))
            return Identifier.PhoneNumber;
        if (shape.HasDateMark && shape.Digits >= 6 && OfMarks(value, shape) is var found && found != Identifier.None)
            return found;
        var hasColon = value.Contains((byte)':');
        if ((hasColon || value.Count((byte)'.') >= 3) && InternetAddress.IsIn(value, hasColon))
            return Identifier.InternetAddress;
        var mayRefer = value.Contains((byte)'/') || shape.Letters >= 3;
        return mayRefer && shape.Digits >= 3 && CaseReference.IsIn(value) ? Identifier.CaseReference : Identifier.None;
    }

    static Identifier OfLettersAndDigits(ReadOnlySpan<byte> value, ValueShape shape)
    {
        if (shape.Letters >= 3 && Postcode.IsFullIn(value))
            return Identifier.FullPostcode;
        if (shape.Digits >= 6 && shape.Letters >= 3 && NationalInsuranceNumber.IsIn(value))
            return Identifier.NationalInsuranceNumber;
        if (shape.Digits >= 11 && UniquePupilNumber.IsIn(value))
            return Identifier.UniquePupilNumber;
        if (shape.Letters >= 4 && VehicleRegistration.IsIn(value))
            return Identifier.VehicleRegistration;
        return shape.Digits >= 8 && shape.Letters >= 2 && Coordinates.IsGridReferenceIn(value)
            ? Identifier.ExactPlace
            : Identifier.None;
    }

    /// <summary>Dates and coordinates have hyphens, slashes or full stops between their digits.</summary>
    Identifier OfMarks(ReadOnlySpan<byte> value, ValueShape shape)
    {
        if (BirthDate.IsIn(value, newestBirthYear))
            return Identifier.BirthDate;
        return shape.Digits >= 8 && value.Count((byte)'.') >= 2 && Coordinates.IsPairIn(value)
            ? Identifier.ExactPlace
            : Identifier.None;
    }
}
