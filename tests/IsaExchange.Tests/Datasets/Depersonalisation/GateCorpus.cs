using System.Globalization;
using IsaExchange.Datasets.Depersonalisation;

namespace IsaExchange.Tests.Datasets.Depersonalisation;

/// <summary>
/// Values made by chance: identifiers as they are written, and values that look like them and are none. Made by rules
/// of their own, not by the recognisers'.
/// </summary>
sealed class GateCorpus(int seed)
{
    static readonly string[] s_outward =
        ["SO23", "M1", "B33", "CR2", "DN55", "W1A", "EC1A", "PO16", "GU14", "RG21", "BH24", "SP10", "E1", "N10"];

    static readonly string[] s_words = ["near", "call", "seen at", "ref.", "see", "(", "was", "driver of"];
    static readonly string[] s_three = ["and", "the", "for", "was", "AND", "THE", "bus", "car"];
    static readonly string[] s_squares = ["SU", "TQ", "SZ", "NZ", "SE", "SJ", "TL"];

    readonly Random _random = new(seed);

    public static IReadOnlyList<Identifier> Kinds { get; } =
        [.. Enum.GetValues<Identifier>().Except([Identifier.None, Identifier.HiddenCharacter])];

    /// <summary>An identifier of the kind, half of the time inside a text.</summary>
    public string Planted(Identifier kind)
    {
        var value = Alone(kind);
        return _random.Next(2) == 0 ? value : $"{Pick(s_words)} {value}{Pick("", ".", ",", " today", ")")}";
    }

    public string LookAlike(Identifier kind) => kind switch
    {
        Identifier.FullPostcode => Pick(
            Pick(s_outward), $"{Pick(s_outward)} {Digits(1)}", $"{Pick(s_outward)} {Digits(1)}{Letters(2, "CIKMOV")}",
            $"E0{Digits(1)}0{Digits(5)}", $"{Letters(1)}{Digits(2)}.{Digits(1)}", $"{Digits(2)}{Letters(1)}",
            $"{Pick(s_outward)} {Digits(1)}{Letters(3, "ABDEFG")}", $"X{Digits(2)}-Y{Digits(2)}"),
        Identifier.NhsNumber => Pick(
            WithCheck(right: false), Digits(9), $"1{Digits(10)}", new string((char)('0' + _random.Next(10)), 10)),
        Identifier.EmailAddress => Pick(
            "@home", "a@b", $"{Number(1, 9)} @ {Number(1, 99)}.50", "@SUM(A1.B2)", "x@ y.uk"),
        Identifier.PhoneNumber => Pick(
            $"0{Digits(7)}", $"4{Digits(10)}", $"0{Pick("4", "5", "6", "9")}{Digits(9)}", $"+33 {Digits(9)}",
            Digits(8)),
        Identifier.BirthDate => Pick(
            $"2018-1{Number(0, 2)}-{Number(10, 28)}", $"{Number(10, 28)}/1{Number(0, 2)}/2018", "2018-10",
            $"{Number(1, 9)}.{Number(0, 20)}.{Number(0, 20)}", $"{Number(1950, 1999)}-13-45",
            $"{Number(1900, 1999)}/20"),
        Identifier.PersistentHash => Pick(Hex(31), Hex(33), Hex(39), Hex(48), Hex(63), Hex(65), Hex(8)),
        Identifier.NationalInsuranceNumber => Pick(
            $"{Pick("BG", "GB", "KN", "NK", "NT", "TN", "ZZ", "DA", "AO", "QQ")}{Digits(6)}A",
            $"AB{Digits(6)}{Letters(1, "EFGHJK")}", $"AB{Digits(5)}C", $"AB{Digits(7)}C"),
        Identifier.UniquePupilNumber => Pick(
            Pupil(right: false), Pupil(right: true)[..12], Pupil(right: true) + "1", $"S{Digits(12)}",
            $"O{Digits(12)}"),
        Identifier.VehicleRegistration => Pick(
            $"{Pick("SO", "PO", "GU", "RG")}{Digits(2)} {Pick(s_three)} {Pick(s_outward)}", Pick(s_outward),
            $"{Pick("A", "M", "B")}{Number(10, 999)} {Pick("JCT", "HOV", "RBT", "EXT")}", $"E0{Digits(1)}0{Digits(5)}",
            $"Winchester 0{Digits(2)}{Letters(1)}", $"{Digits(2)}{Letters(1)}", $"{Digits(3)}{Letters(1)}",
            $"X{Digits(2)}-Y{Digits(2)}", $"{Letters(2)}{Digits(3)}", $"{Pick("A", "M", "B")}{Number(10, 999)}"),
        Identifier.InternetAddress => Pick(
            $"{Number(1, 9)}.{Number(0, 9)}.{Number(0, 9)}", $"{Number(1, 9)}.{Number(0, 9)}.{Number(0, 9)}.1",
            $"{Number(256, 999)}.168.{Number(10, 99)}.{Number(10, 99)}", $"192.168.{Number(10, 99)}.1.{Number(10, 99)}",
            Time(), $"{Time()}:{Number(10, 59)}", $"{Hex(2)}:{Hex(2)}:{Hex(2)}:{Hex(2)}:{Hex(2)}:{Hex(2)}"),
        Identifier.CaseReference => Pick(
            $"{Number(1, 28)}/1{Number(0, 2)}/18", $"{Number(1, 28)}/1{Number(0, 2)}/2018", "2018/19",
            $"{Number(1, 9)}/{Number(1, 9)}", $"{Number(10, 99)}/{Number(10, 99)}", $"{Digits(5)}/{Digits(1)}",
            $"academy {Digits(4)}", $"Cadbury {Digits(3)}", Digits(7)),
        Identifier.ExactPlace => Pick(
            $"5{Number(0, 8)}.{Digits(3)}, -1.{Digits(3)}", $"{Pick(s_squares)}{Digits(6)}",
            $"{Pick(s_squares)} {Digits(3)} {Digits(3)}", $"5{Number(0, 8)}.{Digits(3)}000 -1.{Digits(3)}000",
            $"{Number(10, 40)}.{Digits(4)} {Number(3, 9)}.{Digits(4)}", $"AB{Digits(8)}",
            $"{Number(1, 99)}.{Digits(6)}"),
        _ => throw new InvalidOperationException($"No look-alikes of {kind}."),
    };

    /// <summary>What fields of datasets hold.</summary>
    public string Ordinary() => Pick(
        Number(0, 9_999), Time(), $"2018-1{Number(0, 2)}-{Number(10, 28)}", "2018-11", $"E0100{Digits(4)}",
        $"E0{Pick("7", "6", "9")}000{Digits(3)}", $"{Number(1, 199)}{Letters(1, "ABCDEFGH")}", Pick(s_outward),
        $"{Letters(1, "XYST")}{Digits(2)}", "Criminal damage and arson", "On or near Supermarket", "drugs", "VAP",
        $"{Number(1, 99)}.{Digits(1)}", $"Winchester 0{Digits(2)}{Letters(1, "ABCDEF")}");

    string Alone(Identifier kind) => kind switch
    {
        Identifier.FullPostcode => Cased(
            $"{Pick(s_outward)}{Pick(" ", "")}{Digits(1)}{Letters(2, "ABDEFGHJLNPQRSTUWXYZ")}"),
        Identifier.NhsNumber => Spaced(WithCheck(right: true)),
        Identifier.EmailAddress =>
            $"{Letters(5)}.{Letters(7)}@".ToLowerInvariant() + Pick("example.org", "mail.gov.uk", "x.police.uk"),
        Identifier.PhoneNumber => Pick(
            $"0{Pick("1", "2", "3", "7", "8")}{Digits(9)}", $"07{Digits(3)} {Digits(6)}",
            $"+44 7{Digits(3)} {Digits(6)}",
            $"(019{Digits(2)}) {Digits(6)}", $"0044 20 {Digits(4)} {Digits(4)}"),
        Identifier.BirthDate => Pick(
            $"{Number(1930, 2002)}-0{Number(1, 9)}-{Number(10, 28)}",
            $"{Number(1, 28)}/{Number(1, 12)}/{Number(1930, 2002)}",
            $"{Number(1, 28)}.{Number(1, 12)}.{Number(1930, 2002)}"),
        Identifier.PersistentHash => Pick(Hex(32), Hex(40), Hex(64), Hex(64).ToUpperInvariant()),
        Identifier.NationalInsuranceNumber => Cased(
            $"{Letters(1, "ABCEGHJKLMPRSTWXYZ")}{Letters(1, "ABCEHJLMPRSWXY")}{Pick("", " ")}{Digits(6)}"
            + Letters(1, "ABCD")),
        Identifier.UniquePupilNumber => Cased(Pupil(right: true)),
        Identifier.VehicleRegistration => Registration(),
        Identifier.InternetAddress => Pick(
            $"{Number(10, 255)}.{Number(0, 255)}.{Number(10, 255)}.{Number(1, 255)}",
            $"192.168.{Number(0, 255)}.{Number(1, 255)}",
            $"2001:db8:{Hex(4)}:{Hex(4)}:{Hex(4)}:{Hex(4)}:{Hex(4)}:{Hex(4)}",
            $"fe80::{Hex(4)}:{Hex(4)}:{Hex(4)}:{Hex(4)}",
            $"2a00:{Hex(4)}::{Hex(1)}"),
        Identifier.CaseReference => Pick(
            $"{Number(1, 60)}/{Number(100, 99_999)}/{Digits(2)}", $"{Digits(2)}{Letters(2)}/{Digits(5)}/{Digits(2)}",
            $"{Number(1_000_000, 9_999_999)}/{Digits(2)}", $"CAD {Number(100, 9_999)}", $"CAD{Number(1_000, 9_999)}"),
        Identifier.ExactPlace => Pick(
            $"5{Number(0, 8)}.{Digits(5)}{Number(1, 9)}, -{Number(0, 7)}.{Digits(5)}{Number(1, 9)}",
            $"5{Number(0, 8)}.{Digits(4)} -1.{Digits(4)}", $"{Pick(s_squares)}{Digits(8)}",
            $"{Pick(s_squares)} {Digits(10)}",
            $"{Pick(s_squares)} {Digits(5)} {Digits(5)}"),
        _ => throw new InvalidOperationException($"No values of {kind}."),
    };

    /// <summary>Marks in the shares of the vehicles on the road: most are of the current kind.</summary>
    string Registration()
    {
        const string Three = "ABCDEFGHJKLMNOPRSTUVWX";
        var current = $"{Letters(1, "ABCDEFGHKLMNOPRSVWY")}{Letters(1, "ABCDEFGHJKLMNOPRSTUVWXY")}"
            + $"{Pick("02", "05", "08", "12", "17", "19", "53", "58", "64", "68")}{Pick(" ", "")}{Letters(3, Three)}";
        return _random.Next(20) switch
        {
            < 17 => current,
            < 19 => $"{Letters(1, "FGHJKLMNPRSTVWXY")}{Number(1, 999)}{Pick(" ", "")}{Letters(3, Three)}",
            _ => $"{Letters(3, Three)}{Pick(" ", "")}{Number(1, 999)}{Letters(1, "ABCDEFGHJKLMNPRSTVWXY")}",
        };
    }

    string WithCheck(bool right)
    {
        while (true)
        {
            var nine = $"{Number(4, 7)}{Digits(8)}";
            var check = 11 - (nine.Select((digit, i) => (digit - '0') * (10 - i)).Sum() % 11);
            if (check == 10)
                continue;
            var digit = check % 11;
            return $"{nine}{(right ? digit : (digit + _random.Next(1, 10)) % 10)}";
        }
    }

    string Pupil(bool right)
    {
        const string Alphabet = "ABCDEFGHJKLMNPQRTUVWXYZ";
        var twelve = $"{Number(801, 938)}{Number(2000, 6999)}{Digits(5)}";
        var check = twelve.Select((digit, i) => (digit - '0') * (i + 2)).Sum() % 23;
        return $"{Alphabet[right ? check : (check + _random.Next(1, 23)) % 23]}{twelve}";
    }

    string Spaced(string ten) => Pick(ten, $"{ten[..3]} {ten[3..6]} {ten[6..]}", $"{ten[..3]}-{ten[3..6]}-{ten[6..]}");

    string Cased(string value) => _random.Next(4) == 0 ? value.ToLowerInvariant() : value;

    string Time() => $"{Number(10, 23)}:{Number(10, 59)}";

    public string Number(int from, int to) => _random.Next(from, to + 1).ToString(CultureInfo.InvariantCulture);

    public string Digits(int count) => Letters(count, "0123456789");

    string Hex(int count) => Letters(count, "0123456789abcdef");

    public string Letters(int count, string of = "ABCDEFGHIJKLMNOPQRSTUVWXYZ") =>
        string.Concat(Enumerable.Range(0, count).Select(_ => of[_random.Next(of.Length)]));

    public string Pick(params string[] of) => of[_random.Next(of.Length)];
}
