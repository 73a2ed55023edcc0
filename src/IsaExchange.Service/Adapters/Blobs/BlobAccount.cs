using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace IsaExchange.Service.Adapters.Blobs;

/// <summary>The client of an account, as every adapter here wants it.</summary>
static class BlobAccount
{
    public static BlobServiceClient Client(Uri account, TokenCredential credential, HttpPipelineTransport? transport)
    {
        var options = new BlobClientOptions();

        // The pipeline of the dependency repeats; two layers of retries would multiply.
        options.Retry.MaxRetries = 0;

        // The server compares what it got with what we sent, before it says that it has it.
        options.TransferValidation.Upload.ChecksumAlgorithm = StorageChecksumAlgorithm.MD5;
        if (transport is not null)
            options.Transport = transport;
        return new BlobServiceClient(account, credential, options);
    }
}
