using IsaExchange.Exchange.Sealing;
using Xunit;

namespace IsaExchange.Tests.Exchange.Sealing;

public class AgeInteropTests
{
    public static TheoryData<int> Sizes => [0, 1, 65535, 65536, 65537, 131072, 10_000_000];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task ExportedObject_StockAgeOpensTheUnchangedPayload(int size)
    {
        using var age = StockAge.Require();
        using var sample = new SealedSample();
        using var key = FileKey.Generate();
        var plaintext = SealedSample.Plaintext(size);
        var payload = SealedSample.SealPayload(key, plaintext);
        var stored = await sample.HeaderAsync("northmere/police/1", key);

        using var reopened = await SealedHeader.OpenAsync(stored, "northmere/police/1", sample.Ring, SealedSample.Ct);
        var exported = SealedHeader.CreateForX25519("northmere/police/1", reopened, age.Recipient);

        Assert.Equal(plaintext, age.Open([.. exported, .. payload]));
        Assert.Equal(plaintext, await sample.OpenAsync(stored, payload, "northmere/police/1"));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void FileOfStockAge_OursOpensIt(int size)
    {
        using var age = StockAge.Require();
        var plaintext = SealedSample.Plaintext(size);
        var file = age.Seal(plaintext);

        var header = AgeHeader.Parse(file);
        using var key = AgeX25519.Unwrap(Assert.Single(header.Stanzas), AgeX25519.ParseIdentity(age.Identity));

        Assert.NotNull(key);
        header.Verify(key);
        Assert.Equal(plaintext, SealedSample.OpenPayload(file[header.Length..], key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("age1")]
    [InlineData("age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq")]
    [InlineData("AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQU4VVFC")]
    [InlineData("ssh-ed25519 AAAA")]
    public void RecipientThatIsNone_IsRefused(string recipient)
    {
        using var key = FileKey.Generate();
        Assert.Throws<FormatException>(() => SealedHeader.CreateForX25519("a", key, recipient));
    }

    [Fact]
    public void RecipientOfTheAgeSpecification_IsAcceptedAndEveryLetterChanged_IsRefused()
    {
        // The X25519 example recipient of the age documentation.
        const string Recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
        Assert.Equal(32, AgeX25519.ParseRecipient(Recipient).Length);
        var refused = 0;
        for (var at = 4; at < Recipient.Length; at++)
        {
            var letters = Recipient.ToCharArray();
            letters[at] = letters[at] == 'q' ? 'p' : 'q';
            Assert.Throws<FormatException>(() => AgeX25519.ParseRecipient(new string(letters)));
            refused++;
        }

        Assert.Equal(Recipient.Length - 4, refused);
    }
}
