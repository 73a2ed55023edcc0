using System.Text;

namespace IsaExchange.Datasets.Depersonalisation;

/// <summary>
/// Column names that speak of a person, matched as whole words in any spelling of case.
/// </summary>
public static class PersonalColumnNames
{
    static readonly HashSet<string> s_words = new(StringComparer.Ordinal)
    {
        "name", "names", "forename", "firstname", "lastname", "surname", "fullname", "initials", "alias", "title",
        "dob", "birth", "birthdate", "birthday", "dateofbirth", "yob", "born",
        "address", "addr", "street", "house", "postcode", "uprn", "usrn", "easting", "northing",
        "latitude", "longitude",
        "nhs", "nhsno", "nhsnumber", "hospital", "patient", "gp", "nino", "ni", "upn", "pupil", "pnc", "urn", "custody",
        "email", "mail", "phone", "telephone", "tel", "mobile", "ip", "vrm", "registration", "reg", "plate", "licence",
        "victim", "suspect", "offender", "occupier", "officer", "collar", "employee", "person", "people", "child",
        "parent", "gender", "sex", "ethnicity", "religion", "occupation", "school", "mo", "notes", "comment",
        "comments", "remarks", "description", "narrative", "freetext",
    };

    /// <param name="header">A column name as sent; never repeated in any message.</param>
    public static bool SpeaksOfPerson(ReadOnlySpan<byte> header)
    {
        if (header.Length > 256)
            return false;
        // Words are split at anything that is no letter and at a capital after a small letter: DateOfBirth, nhs_no.
        var word = new StringBuilder();
        var joined = new StringBuilder();
        byte before = 0;
        foreach (var b in header)
        {
            var capital = b is >= (byte)'A' and <= (byte)'Z' && before is >= (byte)'a' and <= (byte)'z';
            if ((capital || !Ascii.IsLetter(b)) && Take(word))
                return true;
            if (Ascii.IsLetter(b))
            {
                word.Append((char)(b | 0x20));
                joined.Append((char)(b | 0x20));
            }

            before = b;
        }

        return Take(word) || s_words.Contains(joined.ToString());
    }

    static bool Take(StringBuilder word)
    {
        var found = s_words.Contains(word.ToString());
        word.Clear();
        return found;
    }
}
