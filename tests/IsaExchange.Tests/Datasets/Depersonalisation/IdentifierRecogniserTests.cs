using System.Text;
using CsCheck;
using IsaExchange.Datasets.Depersonalisation;
using Xunit;

namespace IsaExchange.Tests.Datasets.Depersonalisation;

/// <summary>What is recognised, and what is not taken for an identifier.</summary>
public sealed class IdentifierRecogniserTests
{
    static readonly IdentifierRecogniser s_recogniser = new(2002);

    [Theory]
    [InlineData("SO23 8UJ", Identifier.FullPostcode)]
    [InlineData("so238uj", Identifier.FullPostcode)]
    [InlineData("near SW1A 1AA, at night", Identifier.FullPostcode)]
    [InlineData("M1 1AE", Identifier.FullPostcode)]
    [InlineData("(W1A0AX)", Identifier.FullPostcode)]
    [InlineData("9434765919", Identifier.NhsNumber)]
    [InlineData("943 476 5919", Identifier.NhsNumber)]
    [InlineData("NHS no 943-476-5919.", Identifier.NhsNumber)]
    [InlineData("a.person@example.org", Identifier.EmailAddress)]
    [InlineData("mailto: <x@y.uk>", Identifier.EmailAddress)]
    [InlineData("01962 840222", Identifier.PhoneNumber)]
    [InlineData("(01962) 840222", Identifier.PhoneNumber)]
    [InlineData("+44 7700 900123", Identifier.PhoneNumber)]
    [InlineData("00447700900123", Identifier.PhoneNumber)]
    [InlineData("+44 (0)20 7946 0000", Identifier.PhoneNumber)]
    [InlineData("01962 840222 rang twice", Identifier.PhoneNumber)]
    [InlineData("07700 900123 3 times", Identifier.PhoneNumber)]
    [InlineData("1961-05-04", Identifier.BirthDate)]
    [InlineData("born 4/5/1961", Identifier.BirthDate)]
    [InlineData("05.04.1961", Identifier.BirthDate)]
    [InlineData("2002-12-31", Identifier.BirthDate)]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e", Identifier.PersistentHash)]
    [InlineData("3F91D24DEE2ED816BA60E81328BB4FFBDB79B32840F53D3434EDE5BFDFADC8DD", Identifier.PersistentHash)]
    [InlineData("id=3f91d24dee2ed816ba60e81328bb4ffbdb79b32840f53d3434ede5bfdfadc8dd", Identifier.PersistentHash)]
    [InlineData("AB 12 34 56 C", Identifier.NationalInsuranceNumber)]
    [InlineData("ab123456c", Identifier.NationalInsuranceNumber)]
    [InlineData("B801200005001", Identifier.UniquePupilNumber)]
    [InlineData("pupil b801200005001.", Identifier.UniquePupilNumber)]
    [InlineData("AB12 CDE", Identifier.VehicleRegistration)]
    [InlineData("ab12cde", Identifier.VehicleRegistration)]
    [InlineData("a grey van AB12CDE left", Identifier.VehicleRegistration)]
    [InlineData("A GREY VAN AB12 CDE LEFT", Identifier.VehicleRegistration)]
    [InlineData("P123 ABC", Identifier.VehicleRegistration)]
    [InlineData("ABC 123D", Identifier.VehicleRegistration)]
    [InlineData("192.168.10.1", Identifier.InternetAddress)]
    [InlineData("from 81.2.69.142.", Identifier.InternetAddress)]
    [InlineData("2001:db8:85a3::8a2e:370:7334", Identifier.InternetAddress)]
    [InlineData("12/3456/19", Identifier.CaseReference)]
    [InlineData("42EZ/12345/19", Identifier.CaseReference)]
    [InlineData("3008543/19", Identifier.CaseReference)]
    [InlineData("CAD 1234", Identifier.CaseReference)]
    [InlineData("51.06321, -1.30812", Identifier.ExactPlace)]
    [InlineData("-1.30812 51.06321", Identifier.ExactPlace)]
    [InlineData("SU4821329312", Identifier.ExactPlace)]
    [InlineData("su 48213 29312", Identifier.ExactPlace)]
    [InlineData("x\u202Ey", Identifier.HiddenCharacter)]
    [InlineData("x\u2066y", Identifier.HiddenCharacter)]
    [InlineData("x\ty", Identifier.HiddenCharacter)]
    public void Identifier_IsRecognised(string value, Identifier expected) => Assert.Equal(expected, Recognise(value));

    [Theory]
    [InlineData("")]
    [InlineData("E01022553")]
    [InlineData("E22000374")]
    [InlineData("SO23")]
    [InlineData("SO23 8")]
    [InlineData("SO23 8CC")]
    [InlineData("XSO23 8UJX")]
    [InlineData("SO23 8UJK")]
    [InlineData("9434765918")]
    [InlineData("94347659191")]
    [InlineData("X9434765919")]
    [InlineData("1234567890")]
    [InlineData("@")]
    [InlineData("a@b")]
    [InlineData("@SUM(1.0)")]
    [InlineData("0962840222")]
    [InlineData("2018-10-01")]
    [InlineData("2003-01-01")]
    [InlineData("1961-13-45")]
    [InlineData("1961-05")]
    [InlineData("1.2.3")]
    [InlineData("192.168.1961.1")]
    [InlineData("3f91d24dee2ed816ba60e81328bb4ffbdb79b328")]
    [InlineData("28E")]
    [InlineData("A801200005001")]
    [InlineData("B80120000500")]
    [InlineData("SO23 THE")]
    [InlineData("in so23 and so22")]
    [InlineData("A27 HOV")]
    [InlineData("M27")]
    [InlineData("105A")]
    [InlineData("X85-Y09")]
    [InlineData("AB123")]
    [InlineData("0000000000")]
    [InlineData("BG123456C")]
    [InlineData("AO123456C")]
    [InlineData("1.2.3.4")]
    [InlineData("300.168.10.10")]
    [InlineData("192.168.10.1.10")]
    [InlineData("13:00:05")]
    [InlineData("00:1a:2b:3c:4d:5e")]
    [InlineData("12/11/19")]
    [InlineData("2018/19")]
    [InlineData("academy 1234")]
    [InlineData("51.063, -1.308")]
    [InlineData("51.0630000, -1.3080000")]
    [InlineData("40.71277, -74.00597")]
    [InlineData("SU482293")]
    [InlineData("SU 482 293")]
    [InlineData("AB12345678")]
    [InlineData("44190012345")]
    [InlineData("100060123456")]
    [InlineData("QQ123456C")]
    [InlineData("AB123456E")]
    [InlineData("Criminal damage and arson")]
    [InlineData("https://example.org/path")]
    public void OtherValue_IsLeftAlone(string value)
    {
        // A SHA-1 with its last digit cut is no hash; as it stands it is one.
        value = value.Length == 40 ? value[..39] : value;
        Assert.Equal(Identifier.None, Recognise(value));
    }

    [Fact]
    public void NhsNumber_IsRecognisedExactlyByItsCheckDigit() =>
        Gen.Int[0, 9].Array[9].Sample(digits =>
        {
            var check = 11 - (digits.Select((d, i) => d * (10 - i)).Sum() % 11);
            var stem = string.Concat(digits);
            for (var last = 0; last <= 9; last++)
            {
                var valid = check != 10 && last == check % 11;
                Assert.Equal(valid, Recognise(stem + last) == Identifier.NhsNumber);
            }
        });

    [Fact]
    public void AnyBytes_AreAnsweredWithoutAnException() =>
        Gen.Byte.Array[0, 80].Sample(bytes => Assert.True(Enum.IsDefined(s_recogniser.Recognise(bytes))));

    [Fact]
    public void Recognising_AllocatesNothing()
    {
        var value = Encoding.UTF8.GetBytes("near SO23 8UK, call 01962 84022, 943 476 5918, 2018-10-01 a@b");
        s_recogniser.Recognise(value);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            s_recogniser.Recognise(value);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("SO23 8UJ", "D503")]
    [InlineData("9434765919", "D505")]
    [InlineData("x@example.org", "D506")]
    [InlineData("01962 840222", "D507")]
    [InlineData("04/05/1961", "D508")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e", "D509")]
    [InlineData("AB123456C", "D510")]
    public void IdentifierInAnyField_IsRefusedByItsRule(string value, string rule)
    {
        string[] names = ["row_no", "event_month", "crime_type", "lsoa", "other"];
        for (var column = 0; column < 5; column++)
        {
            string[] cells = ["1", "2018-10", "drugs", "E01000001", "x"];
            cells[column] = value;
            var report = TestDatasets.Street.Validate($"{string.Join(',', names)}\n{string.Join(',', cells)}\n");
            Assert.Contains($"{rule} 2/1/{column + 1} {(column < 4 ? names[column] : "column 5")}", report.Places());
        }
    }

    [Fact]
    public void EveryIdentifier_HasARuleOfItsOwn()
    {
        var corpus = new GateCorpus(1);
        var rules = GateCorpus.Kinds.Select(kind =>
        {
            var value = corpus.Planted(kind);
            while (Recognise(value) != kind || value.Contains(','))
                value = corpus.Planted(kind);
            var report = TestDatasets.Street.Validate(
                $"{TestDatasets.StreetHeader},other\n1,2018-10,drugs,E01000001,{value}\n");
            return Assert.Single(report.Violations, v => v.Line == 2).Rule;
        }).ToList();
        Assert.Equal(rules.Count, rules.Distinct().Count());
        Assert.All(rules, rule => Assert.StartsWith("D5", rule, StringComparison.Ordinal));
    }

    static Identifier Recognise(string value) => s_recogniser.Recognise(Encoding.UTF8.GetBytes(value));
}
