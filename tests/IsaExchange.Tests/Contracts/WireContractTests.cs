using Google.Protobuf.Reflection;
using IsaExchange.Tests.Outside;
using Xunit;

namespace IsaExchange.Tests.Contracts;

/// <summary>
/// Callers hold generated code of their own: what is on the wire changes only on purpose, and looks alike everywhere.
/// </summary>
public class WireContractTests
{
    // Repeating these is harmless without an id: the offset says what the bytes are, and a check changes nothing.
    static readonly string[] SafeToRepeat = ["AppendContent", "CheckAccess"];

    static string GoldenPath =>
        Path.Combine(SharedFolders.Repository, "tests", "IsaExchange.Tests", "Contracts", "isaexchange.v1.golden.txt");

    [Fact]
    public void Listing_EqualsTheGoldenFile()
    {
        var actual = WireListing.Print();
        if (Environment.GetEnvironmentVariable("ISAX_UPDATE_GOLDEN") == "1")
            File.WriteAllText(GoldenPath, actual);
        var golden = File.ReadAllLines(GoldenPath);
        var lines = actual.TrimEnd('\n').Split('\n');
        var gone = golden.Except(lines).Select(line => $"- {line}");
        var added = lines.Except(golden).Select(line => $"+ {line}");
        Assert.True(golden.SequenceEqual(lines),
            "The wire contract differs from isaexchange.v1.golden.txt. A line that is gone breaks callers; when the "
            + $"change is meant, run this test with ISAX_UPDATE_GOLDEN=1.\n{string.Join('\n', gone.Concat(added))}");
    }

    [Fact]
    public void Listing_HoldsServicesFieldsAndEnumValues()
    {
        var listing = WireListing.Print();
        Assert.Contains("WriteContent(stream isaexchange.v1.WriteContentRequest) returns (isaexchange.v1.WriteContent",
            listing, StringComparison.Ordinal);
        Assert.Contains(" GET /v1/{parent=agreements/*}/obligations\n", listing, StringComparison.Ordinal);
        Assert.Contains("  4 STATE_READY\n", listing, StringComparison.Ordinal);
        Assert.Contains("  4 repeated string areas [Required]\n", listing, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryEnum_StartsUnspecifiedUnderItsOwnPrefix()
    {
        foreach (var values in WireListing.Enums)
        {
            var words = values.Name.Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{c}" : $"{c}");
            var prefix = string.Concat(words).ToUpperInvariant();
            Assert.Equal($"{prefix}_UNSPECIFIED", values.Values.Single(value => value.Number == 0).Name);
            Assert.All(values.Values, value => Assert.StartsWith($"{prefix}_", value.Name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void EveryUnaryMethod_IsReachableOverHttp()
    {
        foreach (var method in WireListing.Methods)
        {
            var streams = method.IsClientStreaming || method.IsServerStreaming;
            Assert.True(streams == WireListing.Http(method) is null,
                $"{method.FullName}: a unary method has an http rule, a stream has none");
        }
    }

    [Fact]
    public void EveryMutation_MayBeRepeatedWithItsRequestId()
    {
        foreach (var method in WireListing.Methods.Where(method => WireListing.Http(method)?.Post.Length > 0))
        {
            if (SafeToRepeat.Contains(method.Name))
                continue;
            var field = method.InputType.FindFieldByName("request_id");
            Assert.True(field?.FieldType == FieldType.String, $"{method.FullName} lacks string request_id");
        }
    }

    [Fact]
    public void EveryList_IsPaged()
    {
        foreach (var method in WireListing.Methods.Where(m => m.Name.StartsWith("List", StringComparison.Ordinal)))
        {
            Assert.Equal(FieldType.Int32, method.InputType.FindFieldByName("page_size")?.FieldType);
            Assert.Equal(FieldType.String, method.InputType.FindFieldByName("page_token")?.FieldType);
            Assert.Equal(FieldType.String, method.OutputType.FindFieldByName("next_page_token")?.FieldType);
            Assert.True(method.OutputType.Fields[1].IsRepeated, $"{method.FullName}: field 1 is the page");
        }
    }

    [Fact]
    public void Times_AreTimestampsAndDates_AreDates()
    {
        foreach (var field in WireListing.Messages.SelectMany(message => message.Fields.InDeclarationOrder()))
        {
            if (field.Name.EndsWith("_time", StringComparison.Ordinal) && field.FieldType != FieldType.Bool)
                Assert.Equal("google.protobuf.Timestamp", TypeName(field));
            if (field.Name.EndsWith("_date", StringComparison.Ordinal))
                Assert.Equal("google.type.Date", TypeName(field));
        }

        static string TypeName(FieldDescriptor field) =>
            field.FieldType == FieldType.Message ? field.MessageType.FullName : $"{field.FieldType} {field.FullName}";
    }
}
