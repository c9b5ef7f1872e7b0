using System.Buffers;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using WatchReload.Control;

namespace WatchReload.Daemon.Releases;

/// <summary>One output, copied: what was read, as the manifest says it, and what the source looked like then.</summary>
internal sealed record FileCopy(BuildOutput Output, SourceStamp Stamp, ReleaseFile Copied)
{
    private const int BufferBytes = 1 << 17;
    private const UnixFileMode Executable = UnixFileMode.UserExecute;

    /// <summary>Copies, hashes what is written, syncs. The copy is read-only from the start. A copy, not a hard link: the next build writes into the source.</summary>
    public static FileCopy Make(BuildOutput output, string directory, OpenOutput open, CancellationToken cancellation)
    {
        var stamp = SourceStamp.Of(output.Source);
        var target = Path.Combine(directory, output.Path);
        using var source = open(output.Source);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | (File.GetUnixFileMode(source.SafeFileHandle) & Executable);
        using var copy = new FileStream(target, options);
        var (length, hash) = Read(output, source, copy, cancellation);
        copy.Flush(flushToDisk: true);
        copy.Position = 0;
        var file = new ReleaseFile(output.Path, length, hash, output.Kind, Mvid(copy, output.Path));
        if (OperatingSystem.IsWindows())
            File.SetAttributes(target, FileAttributes.ReadOnly);
        return new FileCopy(output, stamp, file);
    }

    /// <summary>What a copy would be.</summary>
    public static ReleaseFile Describe(BuildOutput output, OpenOutput open, CancellationToken cancellation)
    {
        using var source = open(output.Source);
        var (length, hash) = Read(output, source, Stream.Null, cancellation);
        source.Position = 0;
        return new ReleaseFile(output.Path, length, hash, output.Kind, Mvid(source, output.Path));
    }

    /// <summary>Whether the source is no longer what was copied, so that this release may mix two builds.</summary>
    public bool SourceChanged(TimeProvider time, OpenOutput open, CancellationToken cancellation) =>
        !File.Exists(Output.Source) || SourceStamp.Of(Output.Source) != Stamp || (Stamp.IsRacy(time) && Describe(Output, open, cancellation).Sha256 != Copied.Sha256);

    /// <exception cref="OutputChangedException">It has become longer than it was, and may go on so.</exception>
    private static (long Length, string Hash) Read(BuildOutput output, FileStream source, Stream copy, CancellationToken cancellation)
    {
        var most = source.Length;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long length = 0;
            for (int read; (read = source.Read(buffer)) > 0; length += read)
            {
                cancellation.ThrowIfCancellationRequested();
                if (length + read > most)
                    throw new OutputChangedException(output.Source);
                hash.AppendData(buffer, 0, read);
                copy.Write(buffer, 0, read);
            }

            return (length, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Guid? Mvid(FileStream file, string path)
    {
        if (Path.GetExtension(path) is not (".dll" or ".exe"))
            return null;
        try
        {
            using var image = new PEReader(file, PEStreamOptions.LeaveOpen);
            if (!image.HasMetadata)
                return null;
            var metadata = image.GetMetadataReader();
            return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
        }
        catch (BadImageFormatException)
        {
            return null; // a native library, or content with that name; a damaged assembly is the node's to refuse, with its reason
        }
    }
}
