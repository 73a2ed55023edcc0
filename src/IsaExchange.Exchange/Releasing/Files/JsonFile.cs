using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IsaExchange.Exchange.Releasing.Files;

/// <summary>JSON that people read too: indented, and nothing escaped that need not be.</summary>
static class JsonFile
{
    static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static ReleaseFile Of(string name, string mediaType, JsonObject content, long rows) =>
        new(name, mediaType, Encoding.UTF8.GetBytes(content.ToJsonString(Options) + "\n"), rows);

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
