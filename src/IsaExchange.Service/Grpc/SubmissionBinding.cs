using Grpc.Core;
using IsaExchange.V1;

namespace IsaExchange.Service.Grpc;

/// <summary>Binds the generated service as the generator does, but for how the content of uploads is read.</summary>
static class SubmissionBinding
{
    /// <summary>Called by the framework, which finds it by <see cref="BindServiceMethodAttribute"/> and takes the type
    /// of the second parameter for the one whose methods are overridden.</summary>
    public static void BindService(ServiceBinderBase binder, SubmissionService.SubmissionServiceBase? service) =>
        SubmissionService.BindService(new ContentBinder(binder), service);

    sealed class ContentBinder(ServiceBinderBase binder) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            binder.AddMethod(WithPool(method), handler);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler) =>
            binder.AddMethod(WithPool(method), handler);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            binder.AddMethod(method, handler);

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            binder.AddMethod(method, handler);

        static Method<TRequest, TResponse> WithPool<TRequest, TResponse>(Method<TRequest, TResponse> method)
            where TRequest : class
            where TResponse : class =>
            method is Method<WriteContentRequest, TResponse> content
                ? (Method<TRequest, TResponse>)(object)ContentMessages.Pooled(content)
                : method;
    }
}
