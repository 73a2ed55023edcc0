using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using IsaExchange.TransparencyLog;
using Xunit;

namespace IsaExchange.Tests.TransparencyLog;

public class CanonicalJsonTests
{
    [Theory]
    [InlineData("null", "null")]
    [InlineData(" [ 1 , true , false , null , \"x\" ] ", "[1,true,false,null,\"x\"]")]
    [InlineData("{\"b\":1,\"a\":{\"d\":[],\"c\":{}}}", "{\"a\":{\"c\":{},\"d\":[]},\"b\":1}")]
    [InlineData("{\"10\":1,\"1\":1,\"\":1,\"2\":1}", "{\"\":1,\"1\":1,\"10\":1,\"2\":1}")]
    [InlineData("[0,-1,9007199254740992,-9007199254740992]", "[0,-1,9007199254740992,-9007199254740992]")]
    public void Value_HasOneSpelling(string json, string canonical) => Assert.Equal(canonical, Write(json));

    // RFC 8785 section 3.2.3: the sorting example, whose order of UTF-16 code units is not that of UTF-8.
    [Fact]
    public void KeysOfRfc8785_AreSortedByUtf16CodeUnits()
    {
        const string json = """
            {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
             "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
            """;
        var values = JsonNode.Parse(Write(json))!.AsObject().Select(m => m.Value!.GetValue<string>());
        Assert.Equal(
            ["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
             "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"],
            values);
    }

    // RFC 8785 section 3.2.2: the string of the example, and every control character.
    [Fact]
    public void StringsOfRfc8785_AreEscapedAsItSays()
    {
        const string json = """
            "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"
            """;
        const string canonical = """
            "€$\u000f\nA'B\"\\\\\"/"
            """;
        Assert.Equal(canonical, Write(json));
        var twoLetters = new Dictionary<char, string>
        {
            ['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r",
        };
        for (var c = '\0'; c < ' '; c++)
        {
            var escape = twoLetters.GetValueOrDefault(c) ?? $"\\u00{(int)c:x2}";
            Assert.Equal($"\"{escape}\"", Text(JsonValue.Create(c.ToString())));
        }

        Assert.Equal("\"/<>&'\u007f\u2028\ud83d\ude00\"", Text(JsonValue.Create("/<>&'\u007f\u2028\ud83d\ude00")));
    }

    [Theory]
    [InlineData("0.5")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("-0")]
    [InlineData("9007199254740993")]
    [InlineData("-9007199254740993")]
    [InlineData("99999999999999999999")]
    public void NumberThatIsNoExactInteger_IsRefusedByPlaceNotByValue(string number)
    {
        var refused = Assert.Throws<LogFormatException>(() => Write($"{{\"a\":[0,{number}]}}"));
        Assert.Equal(
            "At $.a[1]: canonical JSON has integers of at most 2^53; write others as strings.", refused.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\":1,\"a\":1}")]
    [InlineData("[1,]")]
    [InlineData("[1] // comment")]
    [InlineData("{\"a\":1}{}")]
    [InlineData("{'a':1}")]
    [InlineData("NaN")]
    public void TextThatIsNotStrictJson_IsRefused(string json) =>
        Assert.Throws<LogFormatException>(() => CanonicalJson.Parse(json));

    [Fact]
    public void LoneSurrogate_IsRefusedAsValueAndAsKey()
    {
        Assert.Throws<LogFormatException>(() => Write("\"\\ud800\""));
        Assert.Throws<LogFormatException>(() => Write("{\"\\ud800\":1}"));
        Assert.Throws<LogFormatException>(() => CanonicalJson.Write(JsonValue.Create("\ud800")));
        Assert.Throws<LogFormatException>(() => CanonicalJson.Write(new JsonObject { ["\udc00"] = 1 }));
    }

    [Fact]
    public void RepeatedKeyInALooselyParsedNode_IsRefused() =>
        Assert.Throws<LogFormatException>(() => CanonicalJson.Write(JsonNode.Parse("{\"a\":1,\"a\":2}")));

    [Fact]
    public void DeepNesting_IsRefusedAtTheSameDepthWhereverItComesFrom()
    {
        JsonNode? Nest(int depth) => depth == 0 ? null : new JsonArray(Nest(depth - 1));
        Assert.Equal(Text(Nest(CanonicalJson.DepthMax)), Write(Text(Nest(CanonicalJson.DepthMax))));
        Assert.Throws<LogFormatException>(() => CanonicalJson.Write(Nest(CanonicalJson.DepthMax + 1)));
        var text = new string('[', CanonicalJson.DepthMax + 1) + new string(']', CanonicalJson.DepthMax + 1);
        Assert.Throws<LogFormatException>(() => CanonicalJson.Parse(text));
    }

    [Fact]
    public void ValuesHeldAsTheirOwnTypes_AreWrittenAsTheirText()
    {
        var node = new JsonObject
        {
            ["guid"] = Guid.Empty,
            ["time"] = new DateTimeOffset(2026, 4, 1, 12, 0, 0, TimeSpan.Zero),
            ["long"] = 7L,
            ["double"] = 8.0,
        };
        const string canonical = """
            {"double":8,"guid":"00000000-0000-0000-0000-000000000000","long":7,"time":"2026-04-01T12:00:00+00:00"}
            """;
        Assert.Equal(canonical, Text(node));
    }

    [Fact]
    public void WritingWhatWasWritten_ChangesNothing()
    {
        var integers = Gen.Long[-CanonicalJson.IntegerMax, CanonicalJson.IntegerMax];
        var scalars = Gen.OneOf(
            integers.Select(n => JsonValue.Create(n).ToJsonString()),
            Gen.String.Select(s => JsonValue.Create(Whole(s)).ToJsonString()), Gen.Const("null"), Gen.Const("true"));
        var objects = Gen.Select(Gen.String.Select(Whole), scalars).Array[0, 8].Select(members => members
            .DistinctBy(m => m.Item1)
            .Select(m => JsonValue.Create(m.Item1).ToJsonString() + " : [" + m.Item2 + "]")).Select(members =>
            "{" + string.Join(" , ", members) + "}");
        objects.Sample(json =>
        {
            var once = Write(json);
            Assert.Equal(once, Write(once));
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(once)));
        }, iter: 2000);
    }

    static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    static string Write(string json) => Text(CanonicalJson.Parse(json));

    static string Text(JsonNode? node) => new UTF8Encoding(false, true).GetString(CanonicalJson.Write(node));
}
