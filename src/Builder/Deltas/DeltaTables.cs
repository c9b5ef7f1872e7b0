using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Text;
using Microsoft.CodeAnalysis;

namespace WatchReload.Builder.Deltas;

/// <summary>
/// What the runtime (10.0.12) does not find in the metadata of a delta. It looks rows up by an index of its own once a table has more than 25, makes that at the first look and does not add to it what deltas bring
/// later: so constants, which are the names of enums and the defaults of parameters, and the layouts of structs, are missed from then on. Constraints of type parameters it never finds.
/// Attributes, properties, events, nested types and implementations it does find.
/// </summary>
internal static class DeltaTables
{
    /// <summary>So many constants, those of the image included, are looked through one by one.</summary>
    public const int FoundConstants = 25;

    private static readonly (TableIndex Table, string What)[] NotFound =
    [
        (TableIndex.ClassLayout, "layouts"), (TableIndex.FieldLayout, "layouts"), (TableIndex.FieldMarshal, "marshalling"), (TableIndex.ImplMap, "code of another language"),
        (TableIndex.FieldRva, "data"), (TableIndex.GenericParamConstraint, "constraints of type parameters"),
    ];

    public static int ConstantsIn(byte[] metadata) => Read(metadata, static reader => reader.GetTableRowCount(TableIndex.Constant));

    /// <summary>Why the delta would not be found as it is; null when nothing but constants may be missed.</summary>
    public static string? Missed(byte[] metadata) => Read(metadata, static reader => NotFound.FirstOrDefault(one => reader.GetTableRowCount(one.Table) > 0).What is { } what ? $"the runtime does not find {what} in a delta" : null);

    /// <summary>Of what a compilation refers to, the simple names of what a delta uses: they are there, with a zero behind each. It may be more.</summary>
    public static IEnumerable<string> UsesIn(byte[] metadata, Compilation compilation) => compilation.SourceModule.ReferencedAssemblies.Select(assembly => assembly.Name)
        .Where(name => metadata.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name + '\0')) >= 0);

    private static T Read<T>(byte[] metadata, Func<MetadataReader, T> read)
    {
        using var provider = MetadataReaderProvider.FromMetadataImage([.. metadata]);
        return read(provider.GetMetadataReader());
    }
}
