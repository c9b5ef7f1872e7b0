using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WatchReload.Fixtures.Backend;

public sealed class BackendOptions
{
    [Length(3, 3)]
    public string Currency { get; set; } = "";

    /// <summary>Where rates are asked for.</summary>
    [Url]
    public string Rates { get; set; } = "";
}

/// <summary>Generated: what validates by reflection would keep every version.</summary>
[OptionsValidator]
public sealed partial class BackendOptionsValidator : IValidateOptions<BackendOptions>;
