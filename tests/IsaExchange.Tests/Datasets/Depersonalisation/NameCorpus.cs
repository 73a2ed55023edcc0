namespace IsaExchange.Tests.Datasets.Depersonalisation;

/// <summary>
/// Texts with names of people, and texts with places and firms named after people. The given names are not taken from
/// the recogniser's list: common ones of children of the 2010s, of adults, and of families from elsewhere.
/// </summary>
sealed class NameCorpus(int seed)
{
    static readonly string[] s_given = Words(
        """
        Oliver Jack Harry Jacob Charlie Thomas George Oscar James William Noah Alfie Joshua Muhammad Henry Leo Archie
        Ethan Joseph Freddie Samuel Alexander Logan Daniel Isaac Max Mohammed Benjamin Mason Lucas Edward Harrison Jake
        Dylan Riley Finley Theo Sebastian Adam Zachary Arthur Toby Jayden Luke Harley Lewis Tyler Harvey Matthew David
        Amelia Olivia Isla Emily Poppy Ava Isabella Jessica Lily Sophie Grace Sophia Mia Evie Ruby Ella Scarlett
        Isabelle Chloe Sienna Freya Phoebe Charlotte Daisy Alice Florence Eva Sofia Millie Lucy Evelyn Elsie Rosie
        Imogen Lola Matilda Elizabeth Layla Holly Lilly Molly Erin Ellie Maisie Maya Abigail Eliza Georgia Jasmine Esme
        Paul Andrew Mark John Michael Stephen Ian Robert Richard Alan Susan Julie Karen Jacqueline Deborah Tracey Jane
        Helen Diane Sharon Piotr Agnieszka Tomasz Katarzyna Anjali Sunita Harpreet Gurpreet Chidi Ngozi Kwame Abena
        Mehmet Wei Andrei Ioana Fatima Yusuf Ibrahim Aisha
        """);

    static readonly string[] s_family = Words(
        """
        Smith Jones Williams Taylor Brown Davies Evans Wilson Thomas Johnson Roberts Robinson Thompson Wright Walker
        White Edwards Hughes Hall Lewis Harris Clarke Patel Jackson Wood Turner Martin Cooper Hill Ward Morris Moore
        Clark Lee King Baker Harrison Morgan Allen James Khan Ali Begum Hussain Singh Kaur Nowak Okafor Mensah O'Brien
        McDonald Smith-Jones Popescu Li
        """);

    static readonly string[] s_places = Words(
        "Road Street Avenue Lane Close Drive Park House Court School Hospital Square Station Arms Estate Library");

    static readonly string[] s_ordinary =
    [
        "Criminal damage and arson", "Violence and sexual offences", "On or near Supermarket", "Winchester 001A",
        "Awaiting court outcome", "Hampshire Constabulary", "Basingstoke and Deane", "Further Investigation required",
        "Local resolution", "Under investigation", "Parking Area", "Marks and Spencer", "PC World", "New Forest",
        "Isle of Wight", "On or near Petrol Station", "Royal Victoria Country Park", "Burglary Dwelling",
    ];

    readonly Random _random = new(seed);

    /// <summary>Somebody's name, mostly given name and surname.</summary>
    public string Named()
    {
        var (given, family) = (Of(s_given), Of(s_family));
        var name = _random.Next(10) switch
        {
            < 5 => $"{given} {family}",
            < 6 => $"{family}, {given}",
            < 7 => $"{family.ToUpperInvariant()}, {given}",
            < 8 => $"{given.ToUpperInvariant()} {family.ToUpperInvariant()}",
            _ => $"{Of("Mr", "Mrs", "Ms", "Dr")} {family}",
        };
        return _random.Next(3) switch
        {
            0 => name,
            1 => $"entry by {name} at the rear",
            _ => $"{name} was seen leaving",
        };
    }

    public string Unnamed() => _random.Next(3) switch
    {
        0 => Of(s_ordinary),
        1 => $"On or near {Of(s_given)} {Of(s_places)}",
        _ => $"{Of(s_given)} {Of("Edward", "Albert", "Green", "Old")} {Of(s_places)}",
    };

    string Of(params string[] words) => words[_random.Next(words.Length)];

    static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
