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
    UniquePupilNumber,
    VehicleRegistration,
    InternetAddress,
    CaseReference,

    /// <summary>Coordinates or a grid reference finer than 100 m.</summary>
    ExactPlace,

    /// <summary>No identifier, but characters that hide what the value is.</summary>
    HiddenCharacter,
}
