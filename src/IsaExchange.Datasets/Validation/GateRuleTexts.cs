namespace IsaExchange.Datasets.Validation;

// D5xx, continued: what must never be in a submission. D52x speak of a whole column, D53x of the whole file.
public static partial class Rules
{
    internal static readonly RuleDefinition UniquePupilNumber = Error("D511", "Unique pupil number",
        "The value holds a unique pupil number.",
        "Remove it before sending.");

    internal static readonly RuleDefinition VehicleRegistration = Error("D512", "Vehicle registration",
        "The value holds the registration mark of a vehicle.",
        "Remove it before sending.");

    internal static readonly RuleDefinition InternetAddress = Error("D513", "Internet address",
        "The value holds the address of a computer or telephone on the internet.",
        "Remove it before sending.");

    internal static readonly RuleDefinition CaseReference = Error("D514", "Crime or incident reference",
        "The value holds the reference of a crime, an incident or a call.",
        "Remove it before sending; number the records 1 to n instead.");

    internal static readonly RuleDefinition ExactPlace = Error("D515", "Place told too exactly",
        "The value holds coordinates or a grid reference finer than 100 m.",
        "Send only what the specification allows: the area code or the outward part of the postcode.");

    internal static readonly RuleDefinition NearlyUnique = Error("D521", "Column nearly unique",
        "Nearly every value of the column is different, so each tells of one record and can be looked up elsewhere.",
        "Remove the column before sending.");

    internal static readonly RuleDefinition BirthDates = Error("D522", "Column that looks like dates of birth",
        "The dates of the column are spread over many years, as dates of birth are and events of a period are not.",
        "Remove the column before sending.");

    internal static readonly RuleDefinition FreeText = Error("D523", "Free text",
        "The column holds text that people wrote: longer than codes, and seldom the same twice.",
        "Remove the column before sending; no reader can promise that a text names nobody.");

    internal static readonly RuleDefinition PersonNames = Error("D524", "Names of people",
        "Values of the column look like the names of people.",
        "Remove the column before sending.");

    internal static readonly RuleDefinition Registrations = Error("D525", "Column of vehicle registrations",
        "The values of the column have the shape of registration marks without a date.",
        "Remove the column before sending.");

    internal static readonly RuleDefinition PropertyReferences = Error("D526", "Column of property references",
        "The values of the column have twelve digits, as unique property reference numbers have.",
        "Remove the column before sending.");

    internal static readonly RuleDefinition CaseReferences = Error("D527", "Column of crime or incident references",
        "The values of the column have eleven digits that begin with a force and a year, and differ from each other.",
        "Remove the column before sending; number the records 1 to n instead.");

    internal static readonly RuleDefinition ExactPlaces = Error("D528", "Column of exact places",
        "The column holds coordinates, and their points do not lie on a grid of 100 m.",
        "Remove the column before sending, or send what the specification allows for places.");

    internal static readonly RuleDefinition Keys = Error("D529", "Column of keys",
        "The values of the column are keys or hashes of a source system: they link records to it and to other files.",
        "Remove the column before sending.");

    internal static readonly RuleDefinition PersonalCombination = Error("D531",
        "Not owed: constitutes personal data",
        "Too few records share the fields that together may tell whom a record is about; as it is, the file is not "
        + "owed, because it constitutes personal data.",
        "Tell the fields less exactly in the source and send again where the specification allows it; otherwise "
        + "answer the obligation as withheld, with the reason that it constitutes personal data.");

    internal static readonly RuleDefinition SmallGroup = Error("D532", "First record of a group too small",
        "Too few records share the combination of this one.",
        "See what the report says under D531.");

    internal static readonly RuleDefinition GroupsNotShown = Error("D533", "Size of groups cannot be shown",
        "The file has more combinations of the fields that may tell whom a record is about than can be counted, so "
        + "it cannot be shown that each is that of enough records.",
        "Send a shorter period or fewer areas at once, or tell the fields less exactly.");
}
