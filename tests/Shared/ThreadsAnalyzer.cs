namespace WatchReload.Tests;

/// <summary>An analyzer that tells on how many threads the compilation is that it is shown.</summary>
internal static class ThreadsAnalyzer
{
    public const string Assembly = "Threads.dll";
    public const string Code = "THREADS1";
    public const string OneThread = "Concurrent: False";
    public const string AllThreads = "Concurrent: True";

    /// <summary>Compiled against the Roslyn that the SDK brings.</summary>
    public const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <AssemblyName>Threads</AssemblyName>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="Microsoft.CodeAnalysis" HintPath="$(RoslynTargetsPath)/bincore/Microsoft.CodeAnalysis.dll" Private="false" />
          </ItemGroup>
        </Project>
        """;

    public const string Source = """
        using System.Collections.Immutable;
        using Microsoft.CodeAnalysis;
        using Microsoft.CodeAnalysis.Diagnostics;

        [DiagnosticAnalyzer("C#")]
        public sealed class Threads : DiagnosticAnalyzer
        {
            private static readonly DiagnosticDescriptor Rule = new("THREADS1", "Threads", "Concurrent: {0}", "Threads", DiagnosticSeverity.Warning, isEnabledByDefault: true);

            public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

            public override void Initialize(AnalysisContext context)
            {
                context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
                context.EnableConcurrentExecution();
                context.RegisterCompilationAction(end => end.ReportDiagnostic(Diagnostic.Create(Rule, Location.None, end.Compilation.Options.ConcurrentBuild)));
            }
        }
        """;
}
