namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>What a value looks like that must never be in a submission.</summary>
public enum Identifier
{
    None,
    FullPostcode,
    NhsNumber,
    EmailAddress,
    PhoneNumber,
    BirthDate,
    PersistentHash,
    NationalInsuranceNumber,

    /// <summary>No identifier, but characters that hide what the value is.</summary>
    HiddenCharacter,
}
