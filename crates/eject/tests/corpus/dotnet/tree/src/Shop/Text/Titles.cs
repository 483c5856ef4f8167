namespace Shop.Text;

/// <summary>Needs no Redis.</summary>
public static class Titles
{
    public static string Of(string s) => s.ToUpperInvariant();
}
