using System.Reflection;
using System.Reflection.Emit;

namespace WatchReload.Builder.Tests.Support;

/// <summary>An assembly that projects reference as a file.</summary>
internal static class LooseAssembly
{
    /// <param name="path">Where it goes; its name is the file's.</param>
    /// <param name="number">What its constant <c>IValue.Number</c> is.</param>
    /// <param name="needs">Another one that it depends on.</param>
    public static Type Write(string path, int number, Type? needs = null)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name) { Version = new Version(1, 0, 0, 0) }, typeof(object).Assembly);
        var module = assembly.DefineDynamicModule(name);
        var value = Interface("IValue");
        value.DefineField("Number", typeof(int), FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.Literal | FieldAttributes.HasDefault).SetConstant(number);
        value.CreateType();
        if (needs is not null)
        {
            var user = Interface("IUser");
            user.AddInterfaceImplementation(needs);
            user.CreateType();
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        assembly.Save(path);
        return value;

        TypeBuilder Interface(string type) => module.DefineType($"{name}.{type}", TypeAttributes.Public | TypeAttributes.Interface | TypeAttributes.Abstract);
    }
}
