using System.Globalization;
using System.Text;
using Google.Api;
using Google.Protobuf.Reflection;
using IsaExchange.V1;

namespace IsaExchange.Tests.Contracts;

/// <summary>The wire contract as plain text, one line for each thing that a caller may depend on.</summary>
public static class WireListing
{
    /// <summary>Every file of the package isaexchange.v1, by name.</summary>
    public static IReadOnlyList<FileDescriptor> Files { get; } =
    [
        .. typeof(Submission).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => (FileDescriptor)type.GetProperty("Descriptor")!.GetValue(null)!)
            .Where(file => file.Package == "isaexchange.v1")
            .OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    public static IEnumerable<MethodDescriptor> Methods =>
        Files.SelectMany(file => file.Services).SelectMany(service => service.Methods);

    /// <summary>Messages, nested ones too, but not the entries of maps.</summary>
    public static IEnumerable<MessageDescriptor> Messages =>
        Files.SelectMany(file => file.MessageTypes).SelectMany(Nested);

    public static IEnumerable<EnumDescriptor> Enums =>
        Files.SelectMany(file => file.EnumTypes).Concat(Messages.SelectMany(message => message.EnumTypes));

    /// <summary>Null where the method is reached by gRPC alone.</summary>
    public static HttpRule? Http(MethodDescriptor method) =>
        method.GetOptions()?.GetExtension(AnnotationsExtensions.Http);

    public static string Print()
    {
        var text = new StringBuilder();
        var services = Files.SelectMany(file => file.Services);
        foreach (var service in services.OrderBy(service => service.FullName, StringComparer.Ordinal))
            Print(text, service);
        foreach (var message in Messages.OrderBy(message => message.FullName, StringComparer.Ordinal))
            Print(text, message);
        foreach (var values in Enums.OrderBy(values => values.FullName, StringComparer.Ordinal))
            Print(text, values);
        return text.ToString();
    }

    static void Print(StringBuilder text, ServiceDescriptor service)
    {
        Line(text, $"service {service.FullName}");
        foreach (var method in service.Methods.OrderBy(method => method.Name, StringComparer.Ordinal))
        {
            var request = (method.IsClientStreaming ? "stream " : "") + method.InputType.FullName;
            var response = (method.IsServerStreaming ? "stream " : "") + method.OutputType.FullName;
            Line(text, $"  {method.Name}({request}) returns ({response}){Print(Http(method))}");
        }
    }

    static string Print(HttpRule? rule) => rule?.PatternCase switch
    {
        null or HttpRule.PatternOneofCase.None => "",
        HttpRule.PatternOneofCase.Get => $" GET {rule.Get}",
        HttpRule.PatternOneofCase.Post => $" POST {rule.Post} body {rule.Body}",
        _ => $" {rule}",
    };

    static void Print(StringBuilder text, MessageDescriptor message)
    {
        Line(text, $"message {message.FullName}");
        foreach (var field in message.Fields.InFieldNumberOrder())
        {
            var oneof = field.RealContainingOneof is { } choice ? $" in {choice.Name}" : "";
            var optional = IsOptionalScalar(field) ? "optional " : "";
            var behaviour = field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior);
            var marks = behaviour is { Count: > 0 } ? $" [{string.Join(' ', behaviour)}]" : "";
            Line(text, $"  {field.FieldNumber} {optional}{TypeOf(field)} {field.Name}{oneof}{marks}");
        }
    }

    static void Print(StringBuilder text, EnumDescriptor values)
    {
        Line(text, $"enum {values.FullName}");
        foreach (var value in values.Values)
            Line(text, $"  {value.Number} {value.Name}");
    }

    static string TypeOf(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            var entry = field.MessageType.Fields;
            return $"map<{TypeOf(entry[1])}, {TypeOf(entry[2])}>";
        }

        var type = field.FieldType switch
        {
            FieldType.Message => field.MessageType.FullName,
            FieldType.Enum => field.EnumType.FullName,
            _ => field.FieldType.ToString().ToLowerInvariant(),
        };
        return field.IsRepeated ? $"repeated {type}" : type;
    }

    static bool IsOptionalScalar(FieldDescriptor field) =>
        field.HasPresence && field.RealContainingOneof is null && field.FieldType != FieldType.Message;

    static IEnumerable<MessageDescriptor> Nested(MessageDescriptor message) =>
        message.NestedTypes.Where(nested => nested.ClrType is not null).SelectMany(Nested).Prepend(message);

    static void Line(StringBuilder text, string line) => text.Append(CultureInfo.InvariantCulture, $"{line}\n");
}
